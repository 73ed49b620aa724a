import './lib/compile-cache.ts';

await import('./commands/catalogue.ts');
