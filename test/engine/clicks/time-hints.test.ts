import { describe, expect, it } from 'vitest';
import { ingestInFolder } from '../../support/ingest.ts';

const { refusal, ingest } = ingestInFolder();

describe('the option for the month first', () => {
  it.each(['03/04/2026 21:55:42', '03-04-2026 21:55', '3/4/26, 9:55 pm', '03/04/2026 09:55:42PM', '03/04/2026'])(
    'GIVEN %s THEN it reads the file as it is printed',
    async (time) => {
      const content = `s,p,t\nx,A,"${time}"\nx,B,"${time}"\n`;
      const columns = { session: 's', product: 'p', time: ['t'] };
      const message = await refusal(content, { columns });
      const timeFormat = /--time-format '([^']*)'\.$/.exec(message)?.[1];
      expect(timeFormat).toBeDefined();
      const { counts } = await ingest(content, { columns: { ...columns, timeFormat } });
      expect(counts).toMatchObject({ rows: 2, rejectedRows: 0 });
    },
  );

  it.each([
    ['another column', 's,p,t,u\nx,A,03/04/2026,21:55\n', ['t', 'u']],
    ['a form that is not known', 's,p,t\nx,A,03/04/2026 21h55\n', ['t']],
  ])('GIVEN a time of day in %s THEN it says that one has to follow', async (_, content, time) => {
    const message = await refusal(content, { columns: { session: 's', product: 'p', time } });
    expect(message).toContain("--time-format '%m/%d/%Y' with the time of day that follows it.");
  });
});
