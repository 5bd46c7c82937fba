package strength

// usual are words and keys in a row that people in France, Germany and
// Switzerland take for passwords, the more usual ones first, the name of this
// product, and the years that the library takes for no years. They are lower
// case.
var usual = []string{
	"alveary", "motdepasse", "passwort", "kennwort", "azerty", "qwertz", "azertyuiop", "qwertzuiop", "hallo", "bonjour",
	"soleil", "schatz", "doudou", "geheim", "secret", "chouchou", "loulou", "liebe", "amour", "jetaime",
	"ichliebedich", "coucou", "marseille", "schalke", "bienvenue", "willkommen", "merci", "danke", "cheval", "hunde",
	"chocolat", "schokolade", "famille", "familie", "maison", "sommer", "winter", "herbst", "printemps", "automne",
	"fruehling", "frühling", "hiver", "vacances", "urlaub", "ferien", "montag", "lundi", "vendredi", "freitag",
	"januar", "janvier", "februar", "fevrier", "février", "maerz", "märz", "avril", "august", "septembre",
	"oktober", "octobre", "novembre", "dezember", "décembre", "berlin", "hamburg", "muenchen", "münchen",
	"geneve", "genève", "zuerich", "zürich", "suisse", "schweiz", "deutschland", "france", "poisson", "papillon",
	"schmetterling", "hannover", "dortmund", "bayern", "princesse", "prinzessin", "ordinateur", "computer", "firma", "entreprise",
	"bureau", "buero", "büro", "benutzer", "utilisateur", "administrateur", "administrator", "zugang", "serveur", "documents",
	"2020", "2021", "2022", "2023", "2024", "2025", "2026", "2027", "2028", "2029",
	"2030", "2031", "2032", "2033", "2034", "2035", "2036", "2037", "2038", "2039",
}
