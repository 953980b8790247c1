"""What the sample company sells and buys: industrial and janitorial supplies. Prices in US cents."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Good:
    """One item: number, description, unit, price in cents."""

    number: str
    description: str
    unit: str
    cents: int


def _goods(text: str) -> tuple[Good, ...]:
    rows = (line.split("|") for line in text.strip().splitlines())
    return tuple(
        Good(number.strip(), description, unit, int(cents)) for number, description, unit, cents in rows
    )


GOODS = _goods("""
    AB-1010|Hex bolt M8 x 40, zinc, box of 100|box|1640
    AB-1020|Hex bolt M10 x 60, zinc, box of 100|box|2475
    AB-1030|Hex nut M8, box of 200|box|895
    AB-1040|Flat washer M8, box of 500|box|760
    AB-1050|Threaded rod M12, 1 m|pc|415
    AB-1060|Wood screw 5 x 60, box of 200|box|1120
    AB-1070|Anchor sleeve 10 mm, box of 50|box|1985
    AB-1080|Cable tie 300 mm, bag of 100|bag|640
    AB-1090|Blind rivet 4.8 mm, box of 250|box|1310
    BC-2010|Nitrile gloves L, box of 100|box|1295
    BC-2020|Cut-resistant gloves, pair|pair|1150
    BC-2030|Safety glasses, clear|pc|585
    BC-2040|Ear defenders|pc|1740
    BC-2050|Hard hat, vented|pc|2190
    BC-2060|Dust mask FFP2, box of 20|box|1860
    BC-2070|High-visibility vest|pc|920
    BC-2080|Safety boots S3, pair|pair|7950
    BC-2090|First-aid kit, 50 persons|pc|6480
    CD-3010|Paper towels, 6 rolls|pack|2340
    CD-3020|Hand soap 5 l|can|1890
    CD-3030|Floor cleaner 10 l|can|2765
    CD-3040|Glass cleaner 1 l|bottle|545
    CD-3050|Waste bags 120 l, roll of 25|roll|1080
    CD-3060|Mop head, cotton|pc|735
    CD-3070|Push broom 60 cm|pc|2240
    CD-3080|Absorbent granulate 20 kg|bag|2990
    CD-3090|Industrial wipes, 500 sheets|roll|3615
    DE-4010|Cutting disc 125 mm, box of 25|box|3125
    DE-4020|Drill bit set HSS, 19 pieces|set|4480
    DE-4030|Hacksaw blade 300 mm, pack of 10|pack|1375
    DE-4040|Torque wrench 40-200 Nm|pc|14900
    DE-4050|Socket set 1/2 in, 24 pieces|set|11850
    DE-4060|Cordless drill 18 V|pc|21900
    DE-4070|Angle grinder 125 mm|pc|13450
    DE-4080|Tape measure 8 m|pc|1625
    DE-4090|Spirit level 60 cm|pc|2870
    EF-5010|Multi-purpose grease, 400 g|cartridge|680
    EF-5020|Hydraulic oil HLP 46, 20 l|can|8450
    EF-5030|Chain oil 5 l|can|2980
    EF-5040|Penetrating spray 400 ml|can|815
    EF-5050|Thread sealant 50 ml|bottle|1990
    EF-5060|Epoxy adhesive 2 x 25 ml|set|1445
    EF-5070|Silicone sealant, white|cartridge|760
    EF-5080|Duct tape 50 m|roll|990
    FG-6010|V-belt SPA 1250|pc|1835
    FG-6020|Ball bearing 6204-2RS|pc|690
    FG-6030|Pillow block bearing 25 mm|pc|2410
    FG-6040|Air hose 10 mm, 20 m|pc|4275
    FG-6050|Hose clamp 20-32 mm, box of 50|box|2150
    FG-6060|Pneumatic coupling 1/4 in|pc|875
    FG-6070|Pressure gauge 0-10 bar|pc|2260
    FG-6080|Ball valve 1/2 in, brass|pc|1540
    GH-7010|LED high-bay lamp 150 W|pc|11900
    GH-7020|Extension lead 25 m|pc|5640
    GH-7030|Cable reel 40 m|pc|8990
    GH-7040|Pallet truck 2500 kg|pc|38900
    GH-7050|Step ladder, 6 treads|pc|9750
    GH-7060|Stretch film 500 mm, roll|roll|1170
    GH-7070|Corrugated box 400 x 300 x 300, pack of 25|pack|2895
    GH-7080|Strapping tape 12 mm, 2 km|roll|3340
""")  # fmt: skip
