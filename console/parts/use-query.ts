import { useLocation } from 'preact-iso';

type Changes = Record<string, string | readonly string[] | null>;

/** The state of a page as its address holds it, and a way to change it that the back button undoes. */
export function useQuery(): {
  query: URLSearchParams;
  /**
   * `null` removes a parameter; a list repeats it. The changes are made to the present address, which may be newer than what is
   * drawn: what adds to a parameter is a function of it.
   */
  change(changes: Changes | ((present: URLSearchParams) => Changes), how?: { replace: boolean }): void;
} {
  const { url, path, route } = useLocation();
  return {
    query: new URLSearchParams(url.split('?')[1] ?? ''),
    change(changes, { replace } = { replace: false }) {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(typeof changes === 'function' ? changes(next) : changes)) {
        next.delete(name);
        for (const each of value === null ? [] : [value].flat()) next.append(name, each as string);
      }
      const text = next.toString();
      route(text === '' ? path : `${path}?${text}`, replace);
    },
  };
}
