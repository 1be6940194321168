"""The currencies of ISO 4217: those in use, those that ended since 1999, and codes of things that aren't currencies.

Source: ISO 4217, list one (current) and list three (historic), as of January 2026. List three has only months. The days
are the last ones on which a currency could be spent: the ECB's for those it quoted, else CLDR's.
"""

from datetime import date

# fmt: off
IN_USE = (
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND",
    "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE",
    "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD",
    "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY",
    "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD",
    "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO",
    "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
    "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
    "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND",
    "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
)
# fmt: on

# Only of those that began after the first day that an expense can have.
BEGAN: dict[str, date] = {
    "BYR": date(2000, 1, 1),
    "CSD": date(2003, 7, 3),
    "ZWN": date(2006, 8, 1),
    "VEF": date(2008, 1, 1),
    "ZWR": date(2008, 8, 1),
    "ZWL": date(2009, 2, 2),
}

# The last day on which the currency could be spent.
ENDED: dict[str, date] = {
    "BGL": date(1999, 7, 5),
    "AON": date(2000, 2, 1),
    "AOR": date(2000, 2, 1),
    "ECS": date(2000, 10, 2),
    "TJR": date(2000, 10, 25),
    "BYB": date(2000, 12, 31),
    "ADP": date(2001, 12, 31),
    "NLG": date(2002, 1, 28),
    "IEP": date(2002, 2, 9),
    "FRF": date(2002, 2, 17),
    **dict.fromkeys(("ATS", "BEF", "DEM", "ESP", "FIM", "GRD", "ITL", "LUF", "PTE"), date(2002, 2, 28)),
    "TPE": date(2002, 5, 20),
    "AFA": date(2002, 12, 31),
    "YUM": date(2003, 7, 2),
    "SRG": date(2003, 12, 31),
    "MGF": date(2004, 12, 31),
    "TRL": date(2004, 12, 31),
    "ROL": date(2005, 6, 30),
    "ZWD": date(2006, 8, 21),
    "CSD": date(2006, 10, 25),
    "AZM": date(2006, 12, 31),
    "MZM": date(2006, 12, 31),
    "SIT": date(2006, 12, 31),
    "SDD": date(2007, 6, 30),
    "CYP": date(2007, 12, 31),
    "GHC": date(2007, 12, 31),
    "MTL": date(2007, 12, 31),
    "VEB": date(2008, 6, 30),
    "ZWN": date(2008, 7, 31),
    "SKK": date(2008, 12, 31),
    "TMM": date(2008, 12, 31),
    "ZWR": date(2009, 2, 2),
    "EEK": date(2010, 12, 31),
    "ZMK": date(2012, 12, 31),
    "LVL": date(2013, 12, 31),
    "LTL": date(2014, 12, 31),
    "BYR": date(2016, 12, 31),
    "STD": date(2017, 12, 31),
    "MRO": date(2018, 6, 30),
    "VEF": date(2018, 8, 20),
    "CUC": date(2021, 6, 30),
    "HRK": date(2022, 12, 31),
    "SLL": date(2023, 12, 31),
    "ZWL": date(2024, 8, 31),
    "ANG": date(2025, 6, 30),
    "BGN": date(2025, 12, 31),
}

# fmt: off
# Every other currency has two decimals. CLDR has other numbers, such as none for IQD, because it says what is usual.
NO_DECIMALS = frozenset((
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    "ADP", "BEF", "BYB", "BYR", "ESP", "GRD", "ITL", "LUF", "MGF", "PTE", "TPE", "TRL",
))
THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))

# Metals, funds, units of account, codes for tests, and cryptocurrencies, which ISO 4217 doesn't have.
NOT_CURRENCIES = frozenset((
    "XAU", "XAG", "XPD", "XPT", "BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "USS", "UYI", "UYW", "XAD", "XBA",
    "XBB", "XBC", "XBD", "XDR", "XSU", "XUA", "XTS", "XXX", "ADA", "BCH", "BNB", "BTC", "DOGE", "DOT", "ETH", "LTC",
    "TRX", "USDC", "USDT", "XBT", "XMR", "XRP", "₿", "BITCOIN",
))
# fmt: on
