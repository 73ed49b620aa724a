/** A public clickstream that `npm run data` brings in. */
export interface Dataset {
  /** Of the command, and of the file that it writes. */
  name: string;
  title: string;
  /** A zip, gzip or plain CSV file. */
  url: string;
  /** Of the CSV inside, lower-case hexadecimal. */
  sha256: string;
  citation: string;
  /** For `npm run train -- --format`. */
  format: string;
}

/** The clickstream of the seed project. */
export const ESHOP: Dataset = {
  name: 'eshop',
  title: 'Clickstream data for online shopping (e-shop clothing 2008), UCI Machine Learning Repository 553',
  url: 'https://archive.ics.uci.edu/static/public/553/clickstream+data+for+online+shopping.zip',
  sha256: 'fcc167bbd0badd4c9685bd8543097e318f8228e48075335db7cd781cee88115d',
  citation:
    "Łapczyński M., Białowąs S. (2013) Discovering Patterns of Users' Behaviour in an E-shop. Studia Ekonomiczne 151, 144–153.",
  format: 'eshop',
};
