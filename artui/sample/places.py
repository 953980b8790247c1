"""Towns, streets, telephone and tax numbers by country. In templates every # is a digit.

Telephone numbers keep to ranges set aside for fiction where a country has one (US, GB, FR, DE).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town: region, postcode template, time zone, telephone template in international form."""

    name: str
    region: str
    postcode: str
    timezone: str
    phone: str


@dataclass(frozen=True)
class Country:
    """Where customers live: share of all customers, currencies and terms to draw from, the ways they pay."""

    code: str
    share: int
    language: str
    currencies: tuple[str, ...]
    terms: tuple[str, ...]
    methods: tuple[str, ...]
    tax_id: str
    mobile: str
    street: str
    streets: tuple[str, ...]
    towns: tuple[Town, ...]


def _country(
    code: str,
    share: int,
    language: str,
    currencies: str,
    terms: str,
    methods: str,
    tax_id: str,
    mobile: str,
    street: str,
    streets: str,
    towns: str,
) -> Country:
    return Country(
        code, share, language, tuple(currencies.split()), tuple(terms.split()), tuple(methods.split()), tax_id, mobile, street, tuple(streets.split("|")),
        tuple(Town(*(part.strip() for part in line.split("|"))) for line in towns.strip().splitlines()),
    )  # fmt: skip


COUNTRIES: tuple[Country, ...] = (
    _country("US", 34, "en", "USD", "NET30 NET30 NET30 NET45 2-10-30 NET14 EOM10", "cheque cheque ach wire card", "##-#######", "+1 ### 555 ####", "{n} {s}",
        "Main St|Oak Ave|Elm St|Harbor Rd|Industrial Pkwy|Mill Rd|2nd St|Lakeview Dr|Railroad Ave|Commerce Blvd|Prairie Ln|Canal St", """
        Albany|NY|122##|America/New_York|+1 518 555 ####
        Atlanta|GA|303##|America/New_York|+1 404 555 ####
        Boise|ID|837##|America/Boise|+1 208 555 ####
        Boston|MA|021##|America/New_York|+1 617 555 ####
        Buffalo|NY|142##|America/New_York|+1 716 555 ####
        Chicago|IL|606##|America/Chicago|+1 312 555 ####
        Dallas|TX|752##|America/Chicago|+1 214 555 ####
        Denver|CO|802##|America/Denver|+1 303 555 ####
        Des Moines|IA|503##|America/Chicago|+1 515 555 ####
        Detroit|MI|482##|America/Detroit|+1 313 555 ####
        Duluth|MN|558##|America/Chicago|+1 218 555 ####
        El Paso|TX|799##|America/Denver|+1 915 555 ####
        Fargo|ND|581##|America/Chicago|+1 701 555 ####
        Fresno|CA|937##|America/Los_Angeles|+1 559 555 ####
        Honolulu|HI|968##|Pacific/Honolulu|+1 808 555 ####
        Memphis|TN|381##|America/Chicago|+1 901 555 ####
        Mobile|AL|366##|America/Chicago|+1 251 555 ####
        Omaha|NE|681##|America/Chicago|+1 402 555 ####
        Phoenix|AZ|850##|America/Phoenix|+1 602 555 ####
        Portland|ME|041##|America/New_York|+1 207 555 ####
        Portland|OR|972##|America/Los_Angeles|+1 503 555 ####
        Raleigh|NC|276##|America/New_York|+1 919 555 ####
        Sacramento|CA|958##|America/Los_Angeles|+1 916 555 ####
        Spokane|WA|992##|America/Los_Angeles|+1 509 555 ####
        Toledo|OH|436##|America/New_York|+1 419 555 ####
        Tulsa|OK|741##|America/Chicago|+1 918 555 ####
        Wichita|KS|672##|America/Chicago|+1 316 555 ####"""),
    _country("GB", 10, "en", "GBP", "NET30 NET30 NET14 EOM", "bacs bacs cheque transfer", "GB#########", "+44 7700 900###", "{n} {s}",
        "High Street|Station Road|Mill Lane|Church Road|Victoria Road|Canal Street|Dock Road|Albert Street", """
        London||SE# #QX|Europe/London|+44 20 7946 0###
        Leeds||LS# #AD|Europe/London|+44 113 496 0###
        Sheffield||S# #GB|Europe/London|+44 114 496 0###
        Nottingham||NG# #FS|Europe/London|+44 115 496 0###
        Bristol||BS# #TH|Europe/London|+44 117 496 0###
        Birmingham||B# #JS|Europe/London|+44 121 496 0###
        Edinburgh||EH# #RY|Europe/London|+44 131 496 0###
        Glasgow||G# #NP|Europe/London|+44 141 496 0###
        Liverpool||L# #DR|Europe/London|+44 151 496 0###
        Manchester||M# #WA|Europe/London|+44 161 496 0###
        Cardiff||CF# #BB|Europe/London|+44 29 2018 0###"""),
    _country("DE", 10, "de", "EUR", "NET30 NET14 NET30 2-10-30", "sepa sepa transfer", "DE#########", "+49 171 39200##", "{s} {n}",
        "Hauptstraße|Bahnhofstraße|Gartenweg|Lindenallee|Mühlgasse|Industriestraße|Schulstraße|Am Markt", """
        Berlin||10###|Europe/Berlin|+49 30 23125 ###
        Frankfurt am Main|HE|60###|Europe/Berlin|+49 69 90009 ###
        Hamburg||20###|Europe/Berlin|+49 40 66969 ###
        Köln|NW|50###|Europe/Berlin|+49 221 4710 ###
        München|BY|80###|Europe/Berlin|+49 89 99998 ###"""),
    _country("CZ", 9, "cs", "CZK CZK EUR", "NET14 NET30 NET14 NET7", "transfer transfer sepa", "CZ########", "+420 60# ### ###", "{s} {n}",
        "Nádražní|Školní|Palackého|Husova|Lipová|Dlouhá|Na Hrázi|Průmyslová", """
        Brno||602 ##|Europe/Prague|+420 54# ### ###
        České Budějovice||370 ##|Europe/Prague|+420 38# ### ###
        Hradec Králové||500 ##|Europe/Prague|+420 49# ### ###
        Olomouc||779 ##|Europe/Prague|+420 58# ### ###
        Ostrava||702 ##|Europe/Prague|+420 59# ### ###
        Plzeň||301 ##|Europe/Prague|+420 37# ### ###
        Praha||1## ##|Europe/Prague|+420 22# ### ###
        Zlín||760 ##|Europe/Prague|+420 57# ### ###"""),
    _country("ES", 7, "es", "EUR", "NET60 NET30 NET45 EOM", "sepa transfer cheque", "ESB########", "+34 6## ### ###", "{s}, {n}",
        "Calle Mayor|Calle Real|Avenida de la Constitución|Calle San Juan|Polígono El Pino|Paseo Marítimo|Plaza de España", """
        Barcelona|Cataluña|080##|Europe/Madrid|+34 93# ### ###
        Bilbao|País Vasco|480##|Europe/Madrid|+34 94# ### ###
        Las Palmas|Canarias|350##|Atlantic/Canary|+34 928 ### ###
        Logroño|La Rioja|260##|Europe/Madrid|+34 941 ### ###
        Madrid|Madrid|280##|Europe/Madrid|+34 91# ### ###
        Málaga|Andalucía|290##|Europe/Madrid|+34 952 ### ###
        Valencia|Comunitat Valenciana|460##|Europe/Madrid|+34 96# ### ###"""),
    _country("FR", 7, "fr", "EUR", "NET30 NET45 NET60 EOM", "sepa transfer cheque", "FR###########", "+33 6 39 98 ## ##", "{n} {s}",
        "rue de la Gare|rue Victor-Hugo|avenue de la République|place du Marché|chemin des Vignes|quai des Pêcheurs", """
        Bordeaux||330##|Europe/Paris|+33 5 36 49 ## ##
        Lille||590##|Europe/Paris|+33 3 53 01 ## ##
        Lyon||690##|Europe/Paris|+33 4 65 71 ## ##
        Nantes||440##|Europe/Paris|+33 2 61 91 ## ##
        Paris||750##|Europe/Paris|+33 1 99 00 ## ##"""),
    _country("PL", 6, "pl", "PLN PLN EUR", "NET14 NET30 NET7", "transfer transfer sepa", "PL##########", "+48 60# ### ###", "ul. {s} {n}",
        "Polna|Leśna|Słoneczna|Krótka|Szkolna|Ogrodowa|Łąkowa|Przemysłowa", """
        Gdańsk||80-###|Europe/Warsaw|+48 58 ### ## ##
        Kraków||30-###|Europe/Warsaw|+48 12 ### ## ##
        Łódź||90-###|Europe/Warsaw|+48 42 ### ## ##
        Poznań||60-###|Europe/Warsaw|+48 61 ### ## ##
        Warszawa||00-###|Europe/Warsaw|+48 22 ### ## ##
        Wrocław||50-###|Europe/Warsaw|+48 71 ### ## ##"""),
    _country("MX", 5, "es", "USD", "NET30 NET30 NET45", "wire wire cheque", "GRE######7A#", "+52 55 #### ####", "{s} {n}",
        "Avenida Juárez|Calle Hidalgo|Calzada Independencia|Avenida Insurgentes|Calle Morelos|Boulevard Díaz Ordaz", """
        Ciudad de México|CDMX|06###|America/Mexico_City|+52 55 #### ####
        Guadalajara|Jalisco|44###|America/Mexico_City|+52 33 #### ####
        Mérida|Yucatán|97###|America/Merida|+52 999 ### ####
        Monterrey|Nuevo León|64###|America/Monterrey|+52 81 #### ####
        Tijuana|Baja California|22###|America/Tijuana|+52 664 ### ####"""),
    _country("PH", 4, "en", "PHP", "NET30 NET14 NET30", "cheque transfer", "###-###-###-000", "+63 917 ### ####", "{n} {s}",
        "Rizal Street|Mabini Street|Bonifacio Avenue|Quezon Avenue|Del Pilar Street|Magallanes Street", """
        Cebu City|Cebu|6000|Asia/Manila|+63 32 ### ####
        Davao City|Davao del Sur|8000|Asia/Manila|+63 82 ### ####
        Iloilo City|Iloilo|5000|Asia/Manila|+63 33 ### ####
        Makati|Metro Manila|12##|Asia/Manila|+63 2 8### ####
        Parañaque|Metro Manila|17##|Asia/Manila|+63 2 8### ####"""),
    _country("SK", 3, "sk", "EUR", "NET14 NET30", "sepa transfer", "SK##########", "+421 90# ### ###", "{s} {n}",
        "Hlavná|Štúrova|Mlynská|Záhradná|Železničná|Priemyselná", """
        Banská Bystrica||974 ##|Europe/Bratislava|+421 48 ### ## ##
        Bratislava||811 ##|Europe/Bratislava|+421 2 ### ### ##
        Košice||040 ##|Europe/Bratislava|+421 55 ### ## ##
        Žilina||010 ##|Europe/Bratislava|+421 41 ### ## ##"""),
    _country("JP", 3, "ja", "JPY", "EOM NET60 NET30", "transfer", "T#############", "+81 90 #### ####", "{n}-{s}",
        "1 Chūō|2 Honmachi|3 Sakae|5 Minami|1 Kita|4 Higashi", """
        Ōsaka|Ōsaka|530-00##|Asia/Tokyo|+81 6 #### ####
        Nagoya|Aichi|460-00##|Asia/Tokyo|+81 52 ### ####
        Sapporo|Hokkaidō|060-00##|Asia/Tokyo|+81 11 ### ####
        Tōkyō|Tōkyō|100-00##|Asia/Tokyo|+81 3 #### ####"""),
    _country("KW", 2, "ar", "KWD", "NET60 NET30", "transfer cheque", "KW-######", "+965 9### ####", "Block {n}, {s}",
        "Fahad Al-Salem Street|Canada Dry Street|Beirut Street|Gulf Road", """
        Al Ahmadi||61###|Asia/Kuwait|+965 23## ####
        Hawalli||32###|Asia/Kuwait|+965 22## ####
        Kuwait City||13###|Asia/Kuwait|+965 22## ####"""),
)  # fmt: skip

PER_CENT: Mapping[str, int] = {
    "USD": 1000, "EUR": 920, "GBP": 790, "CZK": 22500, "PLN": 3950, "PHP": 57000, "JPY": 1550, "KWD": 3070,
}  # fmt: skip
"""Thousandths of a currency's minor unit that buy one US cent's worth."""
RATES: Mapping[str, int] = {
    "EUR": 1_087_000, "GBP": 1_266_000, "CZK": 44_400, "PLN": 253_200, "PHP": 17_540, "JPY": 6_452, "KWD": 3_257_000,
}  # fmt: skip
"""Millionths of a dollar for one unit of a currency; the sample's rates move about them."""
DAYS: Mapping[str, int] = {"NET7": 7, "NET14": 14, "NET30": 30, "NET45": 45, "NET60": 60, "2-10-30": 30}
"""Days of the simple terms; the others are worked out."""
