import './lib/compile-cache.ts';

await import('./commands/rules.ts');
