import './lib/compile-cache.ts';

await import('./commands/recommend.ts');
