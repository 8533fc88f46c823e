"""Ordinary words in which shorter, listed ones hide; data, no logic.

They show what a list of substrings does to a site that has no published comments yet to show it with.
"""

_WORDS = (
    "accumulate ambassador ambient analysis analyst arsenal assassin assemble assess asset assign assist "
    "associate assume assurance bass bassist benign breast button canal cassette casinos circumstance "
    "class classic cockpit cocktail commercialism compass concurrent constitution cucumber cumulative "
    "dictionary document download drape embarrass embassy essay essex evaluate expertise gamble glass "
    "grape grass hancock harass hello homogeneous insomnia institution knight mass massage master methane "
    "middlesex mishit night organism parsley passage passion passport peacock penistone pharmacist "
    "prostitution quantity racialism rapeseed saltwater scrape scunthorpe sextant sextet shell shitake "
    "snigger socialism socialist somatic specialist spicy spokesman sussex suspicious swank therapist "
    "therapy title titan trapeze ultramarine unisex wristwatch analyse anspruch assistent beamtenklasse "
    "dickicht examen fachwissen klasse masse rasse staatsexamen spiegel sexualkunde spezialist wachstube "
    "titel computadora disputa especialista ordenador pasar titulo analisis clase acumular concombre "
    "depute specialiste classe reputation cumul specialista analisi titolo socialismo disputare"
)
INNOCENT = tuple(_WORDS.split())
