import { liveApi } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { shownFields } from '../../state.ts';

/** Products on a shelf. */
export const SHELF = 6;

/** What is recommended to whoever has viewed these. */
export function useSession(viewed: readonly string[]) {
  const fields = shownFields.value;
  return useResource(
    viewed.length === 0
      ? undefined
      : (signal) => liveApi.sessionRecommendations({ viewed: [...viewed], count: SHELF, ...asking(fields) }, signal),
    [viewed.join('\n'), fields.join()],
  );
}

export function asking(fields: string[]): { fields?: string[] } {
  return fields.length === 0 ? {} : { fields };
}
