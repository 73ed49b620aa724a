import { useLocation } from 'preact-iso';

/** The state of a page as its address holds it, and a way to change it that the back button undoes. */
export function useQuery(): {
  query: URLSearchParams;
  /** `null` removes a parameter; a list repeats it. */
  change(changes: Record<string, string | readonly string[] | null>, how?: { replace: boolean }): void;
} {
  const { url, path, route } = useLocation();
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  return {
    query,
    change(changes, { replace } = { replace: false }) {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(changes)) {
        next.delete(name);
        for (const each of value === null ? [] : [value].flat()) next.append(name, each as string);
      }
      const text = next.toString();
      route(text === '' ? path : `${path}?${text}`, replace);
    },
  };
}
