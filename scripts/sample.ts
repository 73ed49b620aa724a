import './lib/compile-cache.ts';

await import('./commands/sample.ts');
