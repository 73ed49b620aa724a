import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run which tests did not run and why, so that no one takes a skipped test for a passed one. */
export default class SkippedTestsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const namesByReason = new Map<string, string[]>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = (result.state === 'skipped' && result.note) || 'no reason given';
        namesByReason.set(reason, [
          ...(namesByReason.get(reason) ?? []),
          `${module.relativeModuleId}: ${test.fullName}`,
        ]);
      }
    }
    for (const [reason, names] of namesByReason) {
      process.stdout.write(
        `\nSKIPPED ${names.length} ${names.length === 1 ? 'test' : 'tests'}: ${reason}\n${names.map((name) => `  ${name}\n`).join('')}`,
      );
    }
  }
}
