import './lib/compile-cache.ts';

await import('./commands/data.ts');
