import './lib/compile-cache.ts';

await import('./commands/serve.ts');
