import './lib/compile-cache.ts';

await import('./commands/destroy.ts');
