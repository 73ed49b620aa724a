import { runCdk } from './lib/cdk.ts';
import { newCommand, runCommand } from './lib/command.ts';
import { requireDeployment } from './lib/deployment.ts';
import { collectSet } from './lib/set-option.ts';

const command = newCommand({
  script: 'deploy',
  summary: 'Deploys Alike into your AWS account, or updates it there. docs/operations.md lists the settings.',
  examples: [
    'npm run deploy',
    'npm run deploy -- --stage prod --set access=public --set alarmEmail=ops@shop.example',
    'npm run deploy -- --yes    # asks nothing',
  ],
})
  .option('--stage <name>', 'which of the deployments in the account', 'dev')
  .option('--set <name=value>', 'change one setting; may be given again', collectSet('access=public', String), {})
  .option('--yes', 'do not ask before permissions are widened')
  .action(async ({ stage, set, yes }: { stage: string; set: Record<string, string>; yes?: boolean }) => {
    await runCdk(['deploy', '--all', ...(yes ? ['--require-approval', 'never'] : [])], { ...set, stage });
    const { apiUrl, bucket, dashboardUrl } = await requireDeployment(stage);
    process.stdout.write(
      `\nUpload a clickstream, and a run starts by itself:\n  aws s3 cp clicks.csv s3://${bucket}/raw/\n` +
        `Or train on a file and watch:\n  npm run train -- --cloud ${stage} --data clicks.csv --format eshop\n` +
        `Then ask:\n  npm run recommend -- A13 --url ${apiUrl}\nWatch: ${dashboardUrl}\n`,
    );
  });

process.exitCode = await runCommand(command);
