import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { hosting } from '../api/hosting.ts';
import { operatorSession } from '../state.ts';
import { useScrollMemory } from './use-scroll-memory.ts';

const PAGES: readonly [path: string, name: string][] = [
  ['/', 'Overview'],
  ['/explore', 'Explore'],
  ['/map', 'Map'],
  ['/clusters', 'Clusters'],
  ['/data', 'Data'],
  ['/runs', 'Runs'],
  ['/catalogue', 'Catalogue'],
  ['/shop', 'Demo shop'],
];

/** What stands around every page. */
export function Layout({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // A screen reader does not see that the page changed: the focus goes to the new one. The router scrolls up to it.
  useEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);
  useScrollMemory();
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="topbar">
        <a class="brand" href="/">
          <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
            <circle cx="12" cy="16" r="8" fill="none" stroke="currentColor" stroke-width="3" />
            <circle cx="20" cy="16" r="8" fill="none" stroke="currentColor" stroke-width="3" opacity=".55" />
          </svg>
          Alike
        </a>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map(([target, name]) => (
              <li key={target}>
                <a href={target} aria-current={isCurrent(target, path) ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p class="place">{operatorSession.value?.place ?? hosting?.place}</p>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
    </div>
  );
}

function isCurrent(target: string, path: string): boolean {
  return target === '/' ? path === '/' : path === target || path.startsWith(`${target}/`);
}
