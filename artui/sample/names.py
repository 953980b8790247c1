"""Words that names are made of, by country. Everybody here is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What names of one country are made of; `patterns` take {s} surname, {t} second surname, {w} trade, {c} city, {f} legal form."""

    surnames: tuple[str, ...]
    given: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    patterns: tuple[str, ...]


def _words(surnames: str, given: str, trades: str, forms: str, patterns: str) -> Words:
    return Words(
        tuple(surnames.split()),
        tuple(given.split()),
        tuple(trades.split("|")),
        tuple(forms.split("|")),
        tuple(patterns.split("|")),
    )


WORDS: Mapping[str, Words] = {
    "US": _words(
        "Abbott Alvarez Anderson Baker Becker Bennett Brooks Callahan Carter Chavez Cohen Collins Cooper Delgado Donovan Ellis Fletcher Foster "
        "Gallagher Garrison Hayes Hoffman Holloway Hudson Jensen Keller Kowalski Larson Lindqvist Lombardi MacLeod Mercer Morrison Nakamura "
        "Nguyễn Novak O'Connor O'Neill Okafor Olsen Parker Petrov Quinn Ramírez Reynolds Rossi Sandoval Schneider Sinclair Stone Sullivan "
        "Thornton Trần Vaughn Walsh Whitaker Winslow Yates Zimmerman",
        "Aaron Alice Amanda Brian Carla Dana Denise Eric Frances George Hannah Irene James Karen Linh Marcus Nancy Olivia Patrick Rachel Samuel "
        "Teresa Victor Wendy",
        "Supply|Builders|Plumbing|Hardware|Dental|Foods|Bakery|Farms|Marine|Electric|Roofing|Print Works|Logistics|Tool & Die|Hospitality|"
        "Landscaping|Freight|Brewing|Millwork|Auto Parts|Packaging|Steel|Orchards|Laundry|HVAC|Dairy|Textiles|Nursery|Masonry|Catering",
        "LLC|Inc.|Co.|Corp.",
        "{s} {w} {f}|{s} & {t} {w}|{c} {w} {f}|{s} Brothers {w}|{s} {t} {w} {f}",
    ),
    "GB": _words(
        "Ainsworth Ashworth Barrowclough Bradshaw Cartwright Clegg Davies Eastwood Fairclough Garside Greenhalgh Hargreaves Hughes Ingham Jenkins "
        "Kershaw Llewellyn Lockwood MacDonald Marsden Nuttall O'Brien Okonkwo Pemberton Pickering Rees Robertson Rutherford Sidhu Singleton "
        "Sutcliffe Tattersall Thwaite Underwood Wainwright Whittaker Womersley",
        "Aisha Alistair Bronwen Callum Deborah Emily Fiona Gareth Harriet Ian Joanne Kenneth Lucy Malcolm Niamh Owen Priya Rosalind Simon Tracey",
        "Ironmongers|Joinery|Haulage|Bakeries|Engineering|Textiles|Catering|Builders Merchants|Dairies|Marine|Printers|Upholstery|Roofing|"
        "Tools|Fisheries|Interiors|Brewery|Electrical|Glazing|Garden Centres",
        "Ltd|plc|LLP",
        "{s} {w} {f}|{s} & {t} {f}|{s} & Sons {w} {f}|{c} {w} {f}|{s} {t} {w}",
    ),
    "DE": _words(
        "Albrecht Bäcker Baumgärtner Böhm Brückner Dietrich Döring Engelhardt Fröhlich Gärtner Günther Haßler Hübner Jäger Köhler König Krüger "
        "Lindemann Löffler Müller Neumann Nußbaum Öttinger Pfeiffer Röder Sauer Schäfer Schröder Schütz Seidel Strauß Stürmer Vögele Wagner "
        "Weiß Winkler Zöller",
        "Andrea Björn Claudia Dieter Elke Frank Gudrun Heike Ingo Jürgen Katrin Lothar Monika Norbert Petra Rüdiger Sabine Thorsten Uwe Yasemin",
        "Maschinenbau|Großhandel|Logistik|Metallbau|Bäckerei|Sanitärtechnik|Druckerei|Möbel|Elektrotechnik|Baustoffe|Brauerei|Feinmechanik|"
        "Gartenbau|Verpackungen|Spedition|Werkzeuge|Kältetechnik|Holzbau",
        "GmbH|GmbH & Co. KG|AG|e. K.",
        "{s} {w} {f}|{s} & {t} {f}|{s} & Söhne {f}|{w} {s} {f}|{c}er {w} {f}",
    ),
    "CZ": _words(
        "Beneš Bílek Blažek Čapek Čermák Černý Doležal Dostál Dušek Fiala Hájek Havlíček Horák Hruška Jelínek Kadlec Kolář Konečný Kopecký Kratochvíl "
        "Kříž Kučera Mareš Matoušek Moravec Musil Němec Novotný Pokorný Polák Procházka Růžička Říha Sedláček Soukup Staněk Šimek Štěpánek "
        "Švec Tichý Urban Vaněk Veselý Zeman Žák",
        "Alena Bohumil Daniela Eliška František Hana Ivo Jiří Kateřina Libor Lucie Miloš Naděžda Ondřej Pavla Radek Šárka Tomáš Vlasta Zdeněk",
        "stavby|pekárna|strojírna|autodoprava|velkoobchod|elektro|nábytek|tiskárna|zámečnictví|pivovar|zahradnictví|potraviny|nářadí|klempířství|"
        "obaly|sklo|vodoinstalace|truhlářství",
        "s.r.o.|a.s.|v.o.s.",
        "{s} {w}, {f}|{s} a syn, {f}|{s} & {t}, {f}|{w} {s}, {f}|{c}ská {w}, {f}",
    ),
    "ES": _words(
        "Álvarez Benítez Cabañas Calderón Domínguez Echeverría Esteban Fernández Fuentes Gallardo García Gómez Gutiérrez Hernández Ibáñez Jiménez "
        "Lozano Márquez Martín Méndez Montañés Moreno Muñiz Navarro Núñez Ordóñez Pérez Quiñones Ramírez Ríos Rodríguez Sánchez Serrano Suárez "
        "Urrutia Vázquez Yáñez Zúñiga",
        "Álvaro Begoña Carmen Diego Elena Fermín Gonzalo Inés Íñigo Jesús Lucía María Nuria Óscar Pilar Raúl Rocío Sergio Vicente Ximena",
        "Construcciones|Panadería|Ferretería|Transportes|Suministros|Talleres|Muebles|Conservas|Bodegas|Hostelería|Instalaciones|Cerámicas|"
        "Maquinaria|Distribuciones|Aceites|Imprenta|Pescados",
        "S.L.|S.A.|S.L.U.|S. Coop.",
        "{w} {s}, {f}|{s} Hermanos, {f}|{w} {s} y {t}, {f}|{s} {t} {w}|{w} {c}, {f}",
    ),
    "FR": _words(
        "Aubry Bélanger Benoît Boucher Carré Charpentier Chevalier Cléroux Delacroix Desrosiers Dubois Dupré Étienne Fauré Gérard Guérin Hébert "
        "Jolivet Lacroix Lefèvre Lemaître Léger Maréchal Mercier Moreau Noël Péron Poirier Renaud Rivière Roussel Séguin Tessier Thévenet "
        "Vasseur Villeneuve",
        "Adèle Benoît Chloé Damien Élodie François Gaëlle Hélène Isabelle Jérôme Karine Loïc Maëlys Nicolas Océane Pierre Rémi Sylvie Thérèse Yves",
        "Boulangerie|Menuiserie|Transports|Matériaux|Vins|Fromagerie|Quincaillerie|Imprimerie|Mécanique|Électricité|Traiteur|Plomberie|"
        "Horticulture|Emballages|Ébénisterie|Mareyage",
        "SARL|SAS|SA|EURL",
        "{w} {s} {f}|{s} & Fils {f}|Établissements {s} {f}|{w} {s} et {t}|{w} de {c} {f}",
    ),
    "PL": _words(
        "Adamczyk Bąk Błaszczyk Borkowski Chmielewski Cieślak Czarnecki Dąbrowski Dziedzic Głowacki Gołębiowski Górski Jabłoński Jóźwiak Kaczmarek "
        "Kołodziej Kozłowski Krajewski Król Kubiak Łuczak Majewski Michalak Mróz Olszewski Pawłowski Sikora Sobczak Stępień Szczepański "
        "Świątek Wieczorek Wojciechowski Woźniak Wróbel Zając Żukowski",
        "Agnieszka Bartosz Celina Dorota Elżbieta Franciszek Grażyna Hubert Iwona Jarosław Katarzyna Łukasz Małgorzata Norbert Olga Paweł Róża "
        "Stanisław Urszula Wojciech Zofia",
        "Transport|Budownictwo|Piekarnia|Meble|Hurtownia|Stolarnia|Instalacje|Narzędzia|Opakowania|Drukarnia|Mleczarnia|Ogrody|Maszyny|Stal|Okna",
        "Sp. z o.o.|S.A.|Sp. j.",
        "{s} {w} {f}|{w} {s} {f}|{s} i {t} {f}|{s} i Synowie {w}|{w} {c} {f}",
    ),
    "SK": _words(
        "Baláž Bartoš Dubovský Ďurica Gajdoš Hlaváč Hudák Chovanec Ivančík Jurčo Kováčik Kráľ Ľupták Lukáč Malík Mihálik Ondruš Oravec Pavlík "
        "Rusnák Sloboda Šimko Šoltés Štefánik Tóth Urbanec Valent Zelenka Žiška",
        "Andrej Božena Dušan Erika Gabriela Igor Jozef Katarína Ľubica Marián Mária Oľga Peter Renáta Štefan Viera Zuzana",
        "stavebniny|pekáreň|strojáreň|doprava|veľkoobchod|elektro|nábytok|tlačiareň|mliekareň|záhradníctvo|náradie|obaly",
        "s.r.o.|a.s.|k.s.",
        "{s} {w}, {f}|{s} a synovia, {f}|{w} {s}, {f}|{s} & {t}, {f}",
    ),
    "MX": _words(
        "Aguilar Arredondo Ávila Barragán Bautista Cárdenas Castañeda Cervantes Chávez Elizondo Escobedo Espinoza Galván Garza Guzmán Ibarra Jáuregui "
        "Lara Lerma Magaña Mejía Montaño Muñoz Orozco Palacios Patiño Peña Quintanilla Robles Saldaña Salinas Treviño Valdés Villarreal Zepeda",
        "Alejandra Beatriz César Dulce Ernesto Fabiola Gerardo Héctor Itzel Javier Leticia Mónica Noé Ofelia Ramón Socorro Tomás Verónica Xóchitl",
        "Materiales|Abarrotes|Ferretera|Empaques|Refacciones|Constructora|Aceros|Alimentos|Textiles|Agropecuaria|Maquiladora|Transportes|Plásticos",
        "S.A. de C.V.|S. de R.L. de C.V.|S.A.P.I. de C.V.",
        "{w} {s}, {f}|{s} Hermanos, {f}|{w} {s} {t}, {f}|{w} de {c}, {f}",
    ),
    "PH": _words(
        "Abad Aquino Bautista Cabrera Castillo Cojuangco Cruz Dela-Cruz Dimaculangan Domingo Enriquez Espiritu Evangelista Galang Gatdula Lacson "
        "Lim Macaraeg Magsaysay Manalo Mangubat Mercado Ocampo Panganiban Peñaflor Punzalan Quizon Ramos Salonga Santos Sy Tan Tolentino "
        "Villanueva Yap Zamora",
        "Analyn Benigno Corazon Danilo Emerson Florentino Gemma Jovelyn Leonora Maricel Nestor Perlita Rodel Rowena Teodoro Wilfredo",
        "Trading|Hardware|Marketing|Enterprises|Agri Supply|Construction|Foods|Motor Parts|Garments|Pharma|Marine Products|Printing|Sari-Sari Supply",
        "Corp.|Inc.|& Co.",
        "{s} {w} {f}|{s} & {t} {w} {f}|{c} {w} {f}|{s} {w}",
    ),
    "JP": _words(
        "Abe Aoki Endō Fujimoto Gotō Hasegawa Hayashi Iida Inoue Ishikawa Itō Kaneko Katō Kawaguchi Kimura Kōno Kudō Maeda Matsuda Miyazaki Mori "
        "Nakagawa Nishimura Ōno Ōtsuka Saitō Sakamoto Satō Shimizu Takahashi Tanaka Ueda Watanabe Yamada Yoshida",
        "Akira Chie Daisuke Emi Haruka Hiroshi Kazuko Kenji Mai Naoki Reiko Shin Takashi Tomoko Yōko Yūji",
        "Seiki|Shōji|Kensetsu|Denki|Unyu|Foods|Kinzoku|Insatsu|Mokuzai|Suisan|Kagaku",
        "K.K.|G.K.",
        "{s} {w} {f}|{c} {w} {f}|{s} {t} {w} {f}",
    ),
    "KW": _words(
        "Al-Ajeel Al-Bahar Al-Enezi Al-Failakawi Al-Ghanem Al-Hajri Al-Jarrah Al-Kandari Al-Mutawa Al-Qallaf Al-Rashed Al-Salem Al-Tabtabai "
        "Behbehani Dashti Marafie",
        "Abdullah Dalal Fahad Ghadeer Hamad Khaled Latifa Mishari Noura Sulaiman Yousef Zainab",
        "Trading|Contracting|Marine Services|Foodstuff|Building Materials|Electrical|Printing|Cold Stores|Spare Parts",
        "W.L.L.|K.S.C.C.|Est.",
        "{s} {w} {f}|{s} & {t} {w} {f}|{c} {w} {f}",
    ),
}  # fmt: skip
