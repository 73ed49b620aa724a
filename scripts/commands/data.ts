import { join } from 'node:path';
import { Argument } from 'commander';
import { shellWord } from '../../engine/shell-word.ts';
import { ESHOP } from '../data/dataset.ts';
import { provideDataset } from '../data/provide-dataset.ts';
import { newCommand, runCommand } from '../lib/command.ts';
import { pathToType, typedPath } from '../lib/typed-path.ts';
import { DEFAULT_WORKSPACE } from '../lib/workspace.ts';

const command = newCommand({
  script: 'data',
  summary: 'Brings in a public clickstream, verifies its SHA-256, and says how to train on it.',
  examples: ['npm run data -- eshop', 'npm run data -- eshop --from ~/Downloads/clickstream.zip'],
})
  .addArgument(new Argument('<dataset>', ESHOP.title).choices([ESHOP.name]))
  .option('--out <folder>', 'where the CSV goes', typedPath, join(DEFAULT_WORKSPACE, 'data'))
  .option('--from <file>', 'a .zip, .csv or .csv.gz that you have, in place of the download', typedPath)
  .action(async (_name: string, { out, from }: { out: string; from?: string }) => {
    const print = (line: string) => process.stdout.write(`${line}\n`);
    const path = await provideDataset(ESHOP, { folder: out, from, print });
    print(`\n${ESHOP.title}.\nPlease cite: ${ESHOP.citation}`);
    print(`\nTrain on it:\n  npm run train -- --data ${shellWord(pathToType(path))} --format ${ESHOP.format}`);
  });

process.exitCode = await runCommand(command);
