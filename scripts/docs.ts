import './lib/compile-cache.ts';

await import('./commands/docs.ts');
