import './lib/compile-cache.ts';

await import('./commands/promote.ts');
