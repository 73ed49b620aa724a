import './lib/compile-cache.ts';

await import('./commands/start.ts');
