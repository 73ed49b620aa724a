import './lib/compile-cache.ts';

await import('./commands/runs.ts');
