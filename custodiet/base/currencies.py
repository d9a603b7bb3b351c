"""The currencies of ISO 4217, with their digits after the point and the last day of their use.

List one of ISO 4217 names the currencies in use, list three those that were withdrawn, with the month. An amount must
be in a currency of its day: a receipt of 2022 from Zagreb is in kuna, one of 2023 is not.
"""

from collections.abc import Mapping
from datetime import date

# List one: the currencies in use, by the number of digits after the point.
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
        "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
        "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
        "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
        "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG "
        "YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# List three: those withdrawn since 1999, by the last day of use. Where the list names the month in which another
# currency took over, that is the day before it did; where it names the last month of use, the end of that month.
_WITHDRAWN = {
    "1999-05-31": "ZRN",
    "2000-01-31": "AOR",
    "2000-09-30": "ECS",
    "2000-12-31": "BYB",
    "2001-03-31": "TJR",
    "2002-02-28": "ATS BEF DEM ESP FIM FRF GRD IEP ITL LUF NLG PTE",
    "2002-10-31": "TPE",
    "2002-12-31": "AFA",
    "2003-06-30": "ADP YUM",
    "2003-10-31": "BGL",
    "2003-12-31": "RUR SRG",
    "2004-12-31": "MGF",
    "2005-06-30": "ROL",
    "2005-12-31": "AZM TRL",
    "2006-06-30": "MZM",
    "2006-10-24": "CSD",
    "2006-12-31": "SIT",
    "2007-06-30": "SDD",
    "2007-12-31": "CYP GHC MTL VEB",
    "2008-07-31": "ZWD",
    "2008-12-31": "SKK TMM",
    "2009-06-30": "ZWR",
    "2010-12-31": "EEK",
    "2012-12-31": "ZMK",
    "2013-12-31": "LVL",
    "2014-12-31": "LTL",
    "2016-12-31": "BYR",
    "2017-12-31": "MRO STD",
    "2018-08-19": "VEF",
    "2021-06-30": "CUC",
    "2022-12-31": "HRK",
    "2023-12-31": "SLL",
    "2024-08-31": "ZWL",
    "2025-03-30": "ANG",
    "2025-12-31": "BGN",
}
_WITHOUT_DIGITS = "ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE TPE TRL"
"""The withdrawn currencies that had no digits after the point; the others had two."""

LAST_DAYS: Mapping[str, date] = {
    code: date.fromisoformat(day) for day, codes in _WITHDRAWN.items() for code in codes.split()
}
"""The last day on which an amount could be in a withdrawn currency."""

_DIGITS = (
    {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}
    | dict.fromkeys(LAST_DAYS, 2)
    | dict.fromkeys(_WITHOUT_DIGITS.split(), 0)
)

CURRENCIES = frozenset(_DIGITS)
"""Every currency in which an amount can be, on some day."""

_WORDS = {"EURO": "EUR", "EUROS": "EUR", "€": "EUR", "US$": "USD", "£": "GBP", "GBP£": "GBP"}


def minor_digits(currency: str) -> int:
    """How many digits a currency has after the point.

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("ITL")
    (2, 0, 0)
    """
    return _DIGITS[currency]


def meant_currency(text: str) -> str:
    """A question that offers the currency a text clearly means, or empty: a merely similar code is another currency.

    >>> meant_currency("Euro"), meant_currency(" usd"), meant_currency("BGM")
    ('did you mean `EUR`?', 'did you mean `USD`?', '')
    """
    written = text.strip().upper()
    code = _WORDS.get(written, written)
    return f"did you mean `{code}`?" if code in CURRENCIES and code != text else ""
