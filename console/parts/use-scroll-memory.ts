import { useEffect } from 'preact/hooks';

/** After which a page that is still shorter than it was stays where it is. */
const LONGEST_MS = 5_000;

/**
 * The back button leads to where the reader was. A browser restores that at once, when the page still waits for its content and
 * is too short; here it is done when there is room.
 */
export function useScrollMemory(): void {
  useEffect(() => {
    const positions = new Map<string, number>();
    let stopRestoring: (() => void) | undefined;
    const onScroll = () => {
      if (stopRestoring === undefined) positions.set(location.href, scrollY);
    };
    const onPopState = () => {
      stopRestoring?.();
      const position = positions.get(location.href);
      if (position === undefined) return;
      const restore = () => {
        if (document.documentElement.scrollHeight - innerHeight < position) return;
        scrollTo(0, position);
        stopRestoring?.();
      };
      const observer = new ResizeObserver(restore);
      observer.observe(document.body);
      const timer = setTimeout(() => stopRestoring?.(), LONGEST_MS);
      stopRestoring = () => {
        observer.disconnect();
        clearTimeout(timer);
        stopRestoring = undefined;
      };
    };
    // Whoever moves on meanwhile is where they want to be.
    const onOwnMove = () => stopRestoring?.();
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('popstate', onPopState);
    for (const name of OWN_MOVES) addEventListener(name, onOwnMove, { passive: true });
    return () => {
      stopRestoring?.();
      removeEventListener('scroll', onScroll);
      removeEventListener('popstate', onPopState);
      for (const name of OWN_MOVES) removeEventListener(name, onOwnMove);
    };
  }, []);
}

const OWN_MOVES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
