import './lib/compile-cache.ts';

await import('./commands/console.ts');
