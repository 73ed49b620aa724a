import { resolve } from 'node:path';
import { shellWord } from '../../engine/shell-word.ts';
import { newCommand, runCommand, wholeNumber } from '../lib/command.ts';
import { typedPath } from '../lib/typed-path.ts';
import { UsageError } from '../lib/usage-error.ts';
import { type ClickstreamSize, SAMPLE } from '../sample/clickstream.ts';
import { writeClickstream, writeFeed } from '../sample/write-clickstream.ts';

const command = newCommand({
  script: 'sample',
  summary: "Writes a made-up clickstream in the e-shop data set's columns, the same for the same seed and size.",
  examples: [
    'npm run sample -- --out sample.csv',
    'npm run sample -- --out sample.csv --feed products.csv',
    'npm run sample -- --out large.csv --sessions 145000 --products 20000    # about 1 million views',
  ],
})
  .requiredOption('--out <file>', 'the CSV file to write; replaced when it exists', typedPath)
  .option('--sessions <n>', 'about 6.9 views each', wholeNumber(1), SAMPLE.sessions)
  .option('--products <n>', 'size of the catalogue', wholeNumber(4, 10_000_000), SAMPLE.products)
  .option('--seed <n>', 'another seed, another shop', wholeNumber(0, 0xffff_ffff), SAMPLE.seed)
  .option('--feed <file>', "also writes the shop's products, as a feed of its catalogue", typedPath)
  .action(async ({ out, feed, ...size }: ClickstreamSize & { out: string; feed?: string }) => {
    if (feed !== undefined && resolve(feed) === resolve(out)) {
      throw new UsageError(
        `--out and --feed name the same file, ${JSON.stringify(out)}, and the second would replace the first: name two.`,
      );
    }
    await writeClickstream(out, size);
    process.stdout.write(`Wrote ${out}. Train on it:\n  npm run train -- --data ${shellWord(out)} --format eshop\n`);
    if (feed === undefined) return;
    await writeFeed(feed, size);
    process.stdout.write(`Wrote ${feed}. Load it:\n  npm run catalogue -- ${shellWord(feed)}\n`);
  });

process.exitCode = await runCommand(command);
