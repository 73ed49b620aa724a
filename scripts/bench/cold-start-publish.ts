/**
 * Makes the index of a generated shop live in each store that is named: `cold-start.ts` starts it. Prints one JSON object:
 * the bytes of the index's file, and a product that it knows.
 *
 *     node scripts/bench/cold-start-publish.ts PRODUCTSxVIEWS URI...
 */
import { generateShop } from './generated-index.ts';
import { publishShop } from './published-shop.ts';

const [size, ...uris] = process.argv.slice(2);
const [products, views] = size.split('x').map(Number);
const { index } = await generateShop(products, views);
let bytes = 0;
for (const uri of uris) bytes = await publishShop(uri, index);
console.log(JSON.stringify({ bytes, productId: index.productIds[10] }));
