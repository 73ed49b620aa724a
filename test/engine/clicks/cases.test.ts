import { csvParse, tsvParse } from 'd3-dsv';
import { describe, expect, it } from 'vitest';
import { readCase, readCaseFolder, sequencesInFolder, sequencesOfViews } from '../../support/sequences.ts';

/** Files as shops and their tools write them: each is read as it is meant, or refused with a sentence. */
const sequencesOf = sequencesInFolder();
const columns = { session: 'sid', product: 'pid', time: ['ts'] };

const viewsOf = (rows: Iterable<Record<string, string | undefined>>, time: (text: string) => number = Number) =>
  Array.from(rows, ({ sid, pid, ts }) => ({ session: sid!, product: pid!, at: time(ts!) }));

describe('forms of CSV hold the same sessions', () => {
  const expected = sequencesOfViews(viewsOf(csvParse(readCase('csv-forms/crlf.csv').toString())));

  it.each([
    'bad-quote.csv',
    'bom.csv',
    'clicks.csv.GZ',
    'concat-gz.csv.gz',
    'cr-only.csv',
    'crlf.csv',
    'desc-newline.csv',
    'dup-header.csv',
    'ga4-comment-head.csv',
    'gz-without-ext.csv',
    'header-spaces.csv',
    'index-col.csv',
    'json-array.json',
    'pipe.txt',
    'quoted-all.csv',
    'sql-footer.csv',
    'tilde.csv',
    'trailing-comma.csv',
    'upper.CSV',
  ])('%s', async (name) => {
    expect(Object.keys(expected)).toHaveLength(140);
    const { sequences } = await sequencesOf({ [name]: readCase(`csv-forms/${name}`) }, { columns });
    expect(sequences).toEqual(expected);
  });

  it('ragged rows are rejected with their lines', async () => {
    const { rejected, counts } = await sequencesOf({ 'a.csv': readCase('csv-forms/ragged.csv') }, { columns });
    const lines = readCase('csv-forms/ragged.csv').toString().split('\n');
    const ragged = lines.flatMap((line, i) => (line.split(',').length === 4 ? [i + 1] : []));
    expect(rejected.map(([line]) => line)).toEqual(ragged);
    expect(counts).toMatchObject({ rows: 622, rejectedRows: 4 });
  });

  it.each([
    ['clicks.csv.bz2', 'bunzip2'],
    ['clicks.zip', 'unzip it'],
    ['truncated.csv.gz', 'cut off or damaged'],
  ])('%s is refused with the fix', async (name, fix) => {
    await expect(sequencesOf({ [name]: readCase(`csv-forms/${name}`) }, { columns })).rejects.toThrow(fix);
  });
});

describe('forms of time hold the same sessions in true order', () => {
  const expected = sequencesOfViews(viewsOf(csvParse(readCase('time-formats/epoch-s.csv').toString())));

  it.each(
    'clf compact dmy-dot dmy-slash epoch-float epoch-s epoch-us excel-serial go iso-mixed-precision iso-offsets iso-z-ms mdy-ampm mdy-slash mongo pg-offset rfc2822 utc-suffix ymd-slash'.split(
      ' ',
    ),
  )('%s', async (name) => {
    expect(Object.keys(expected)).toHaveLength(90);
    const { sequences } = await sequencesOf({ 'a.csv': readCase(`time-formats/${name}.csv`) }, { columns });
    expect(sequences).toEqual(expected);
  });

  /** The same views with their times written in another form. */
  const written = (form: (iso: string) => string) =>
    Array.from(csvParse(readCase('time-formats/epoch-s.csv').toString()), ({ sid, pid, ts }) => {
      return `${sid},${pid},"${form(new Date(Number(ts) * 1000).toISOString())}"`;
    });
  const fileOf = (form: (iso: string) => string) => ['sid,pid,ts', ...written(form)].join('\n');
  const parts = (iso: string) => /^(..)(..)-(..)-(..)T(.{8})/.exec(iso)!.slice(1);
  const shortYear = (order: (year: string, month: string, day: string) => string[], sign: string) => (iso: string) => {
    const [, year, month, day, time] = parts(iso);
    return `${order(year, month, day).join(sign)} ${time}`;
  };
  const dayFirst = shortYear((year, month, day) => [day, month, year], '/');

  it.each([
    ['31/10/19', dayFirst],
    ['31-10-19', shortYear((year, month, day) => [day, month, year], '-')],
    ['10/31/19', shortYear((year, month, day) => [month, day, year], '/')],
  ])('with a year of two digits: %s', async (_, form) => {
    const { sequences, counts } = await sequencesOf({ 'a.csv': fileOf(form) }, { columns });
    expect(sequences).toEqual(expected);
    expect(counts['rejectedRows']).toBe(0);
  });

  it.each(['/', '-'])('with a year of two digits, day %s month, go on at the end of a month', async (sign) => {
    const night = ['31/10/19 23:50:00', '01/11/19 00:05:00'].map((time) => time.replaceAll('/', sign));
    const lines = Array.from({ length: 5 }, (_, i) => night.map((time, at) => `s${i},p${at},${time}`)).flat();
    const { sequences } = await sequencesOf({ 'a.csv': ['sid,pid,ts', ...lines].join('\n') }, { columns });
    expect(Object.values(sequences)).toEqual(Array(5).fill(['p0', 'p1']));
  });

  it.each([
    ['2019-10-03T03:45Z', (iso: string) => `${iso.slice(0, 16)}Z`],
    ['2019-10-03T03:45+00:00', (iso: string) => `${iso.slice(0, 16)}+00:00`],
    ['2019-10-03 03', (iso: string) => iso.slice(0, 13).replace('T', ' ')],
  ])('to the minute or the hour is read: %s', async (_, form) => {
    expect((await sequencesOf({ 'a.csv': fileOf(form) }, { columns })).counts['rejectedRows']).toBe(0);
  });

  it.each([
    ['20191003T034526Z', (iso: string) => iso.replaceAll(/[-:]|\.000/g, '')],
    ['2019-10-03t03:45:26z', (iso: string) => iso.toLowerCase()],
    ['2019-10-03 03:45:26,000', (iso: string) => iso.replace('T', ' ').replace('.', ',').replace('Z', '')],
    [
      'Thu Oct 03 03:45:26 +0000 2019',
      (iso: string) =>
        new Date(iso).toUTCString().replace(/(...), (..) (...) (....) (\S+) GMT/, '$1 $3 $2 $5 +0000 $4'),
    ],
  ])('%s', async (_, form) => {
    expect((await sequencesOf({ 'a.csv': fileOf(form) }, { columns })).sequences).toEqual(expected);
  });

  it('with a year of two digits in a column beside the time of day', async () => {
    const lines = written((iso) => dayFirst(iso).replace(' ', '","'));
    const own = { ...columns, time: ['day', 'clock'] };
    const { sequences } = await sequencesOf({ 'a.csv': ['sid,pid,day,clock', ...lines].join('\n') }, { columns: own });
    expect(sequences).toEqual(expected);
  });

  it('with a year of two digits first is not taken for days', async () => {
    const text = fileOf(shortYear((...date) => date, '-'));
    await expect(sequencesOf({ 'a.csv': text }, { columns })).rejects.toThrow(/seems to be the year.*'%y-%m-%d'/);
    const own = { ...columns, timeFormat: '%y-%m-%d %H:%M:%S' };
    expect((await sequencesOf({ 'a.csv': text }, { columns: own })).sequences).toEqual(expected);
  });

  it('in scientific notation has lost its seconds: refused with the formats that are read', async () => {
    await expect(sequencesOf({ 'a.csv': readCase('time-formats/epoch-sci.csv') }, { columns })).rejects.toThrow(
      /is not a time: found "1\.572424E\+12"[\s\S]*Times are read as ISO 8601/,
    );
  });

  it('may differ in unit from file to file', async () => {
    const files = await readCaseFolder('mixed-units/data');
    const views = Object.entries(files).flatMap(([name, bytes]) =>
      viewsOf(csvParse(bytes.toString()), (text) => Number(text) / (name.includes('millis') ? 1000 : 1)),
    );
    expect((await sequencesOf(files, { columns })).sequences).toEqual(sequencesOfViews(views));
  });

  it('with days only leaves the order of the file', async () => {
    const views = viewsOf(csvParse(readCase('odd-same-time/clicks.csv').toString()), () => 0);
    const { sequences } = await sequencesOf({ 'a.csv': readCase('odd-same-time/clicks.csv') }, { columns });
    expect(sequences).toEqual(sequencesOfViews(views));
  });
});

describe('several files', () => {
  it('of Spark: its markers are no data', async () => {
    const files = await readCaseFolder('spark-output/data');
    const parts = Object.keys(files).filter((name) => name.startsWith('part-'));
    const views = parts.flatMap((name) => viewsOf(csvParse(files[name].toString())));
    const { sequences } = await sequencesOf(files, { columns });
    expect(Object.keys(files).length).toBeGreaterThan(parts.length);
    expect(sequences).toEqual(sequencesOfViews(views));
  });

  it('that overlap: a view that two of them have is one view', async () => {
    const files = await readCaseFolder('daily-overlap/data');
    const lines = Object.values(files).flatMap((bytes) => bytes.toString().trim().split('\n').slice(1));
    const { counts, sequences } = await sequencesOf(files, { columns });
    expect(counts).toMatchObject({ rows: lines.length, duplicateViews: 160, sessions: 200 });
    expect(lines.length - new Set(lines).size).toBe(160);
    expect(sequences).toEqual(sequencesOfViews(viewsOf(csvParse(`sid,pid,ts\n${[...new Set(lines)].join('\n')}`))));
  });

  it('with other columns are refused by name, and a glob or names take some of them', async () => {
    await expect(sequencesOf(await readCaseFolder('header-drift/data'), { columns })).rejects.toThrow(
      /b\.csv has no column "sid", "pid".*"session_id", "product_id"/,
    );
    const dressipi = await readCaseFolder('dressipi/data');
    const own = { columns: { session: 'session_id', product: 'item_id', time: ['date'] } };
    await expect(sequencesOf(dressipi, own)).rejects.toThrow("--data 'folder/clicks*.csv'");
    const { counts } = await sequencesOf({ 'train_sessions.csv': dressipi['train_sessions.csv'] }, own);
    expect(counts).toMatchObject({ rows: 500, sequences: 113 });
  });
});

describe('JSON', () => {
  const request = { columns };
  const jsonViews = (text: string) =>
    text.split('\n').flatMap((line) => {
      try {
        const { sid, pid, ts } = JSON.parse(line) as Record<string, unknown>;
        return pid === undefined ? [] : [{ session: String(sid), product: String(pid), at: Number(ts) }];
      } catch {
        return [];
      }
    });

  it.each([
    ['blank-lines.jsonl', []],
    ['late-key.jsonl', []],
    ['bad-lines.jsonl', [6, 100, 300]],
    ['missing-key.jsonl', undefined],
  ])('%s', async (name, badLines) => {
    const text = readCase(`jsonl/${name}`).toString();
    const { sequences, rejected } = await sequencesOf({ [name]: text }, request);
    expect(sequences).toEqual(sequencesOfViews(jsonViews(text)));
    const unusable = text
      .split('\n')
      .flatMap((line, i) => (line.includes('"sid"') && !/"pid": "/.test(line) ? [i + 1] : []));
    expect(rejected.map(([line]) => line)).toEqual(badLines?.length === 0 ? [] : unusable);
  });

  it('that is indented is read, and what Python prints is refused', async () => {
    const expected = sequencesOfViews(jsonViews(readCase('jsonl/late-key.jsonl').toString()));
    expect((await sequencesOf({ 'a.json': readCase('jsonl/pretty.json') }, request)).sequences).toEqual(expected);
    await expect(sequencesOf({ 'a.jsonl': readCase('jsonl/python-repr.jsonl') }, request)).rejects.toThrow(
      'json.dumps',
    );
  });

  it('has ids as numbers and as text: the same product', async () => {
    const text = readCase('json-mixed-ids/clicks.jsonl').toString();
    const { sequences, counts } = await sequencesOf({ 'a.jsonl': text }, request);
    expect(counts).toMatchObject({ sessions: 150, products: 36 });
    expect(sequences).toEqual(sequencesOfViews(jsonViews(text)));
  });

  it('keeps the zeros of an id', async () => {
    const { sequences } = await sequencesOf(
      { 'reviews.json': readCase('amazon-jsonl/reviews.json') },
      { columns: { session: 'reviewerID', product: 'asin', time: ['unixReviewTime'] } },
    );
    expect(
      Object.values(sequences)
        .flat()
        .every((asin) => asin.length === 10),
    ).toBe(true);
  });
});

describe('what is no id is no product', () => {
  it('a placeholder is rejected and counted, and does not end the run', async () => {
    const text = readCase('placeholder-notset/clicks.csv').toString();
    const { sequences, counts } = await sequencesOf({ 'a.csv': text }, { columns });
    const rows = csvParse(text);
    const real = rows.filter(({ pid }) => pid !== '(not set)');
    expect(counts).toMatchObject({
      rejectedRows: rows.length - real.length,
      placeholderRows: rows.length - real.length,
    });
    expect(sequences).toEqual(sequencesOfViews(viewsOf(real)));
  });

  it("Adobe's lists of products are refused where they are named as a column", async () => {
    const named = { columns: { session: ['visid', 'visit_num'], product: 'product_list', time: ['hit_time_gmt'] } };
    await expect(sequencesOf({ 'a.tsv': readCase('adobe/hit_data.tsv') }, named)).rejects.toThrow('holds several ids');
  });

  it.each([
    ['|', 'visit,seen\n1,A|B|C\n2,B|A\n3,C|A|B\n', 'seen[|]'],
    ['space', 'visit,seen\n1,A B C\n2,B A\n3,C A B\n', 'seen[]'],
  ])('a list separated by %s is refused with the path that takes it', async (_, text, path) => {
    const request = { columns: { session: 'visit', product: 'seen', order: 'visit' } };
    await expect(sequencesOf({ 'a.csv': text }, request)).rejects.toThrow(path);
    const { sequences } = await sequencesOf({ 'a.csv': text }, { columns: { session: 'visit', product: path } });
    expect(sequences).toEqual({ 1: ['A', 'B', 'C'], 2: ['B', 'A'], 3: ['C', 'A', 'B'] });
  });
});

describe('no session column', () => {
  it('sessions that start anew each day are told apart by a pause', async () => {
    const text = readCase('session-reused/clicks.csv').toString();
    const sixHours = 6 * 3600;
    const views = viewsOf(csvParse(text), (ts) => Date.parse(`${ts.replace(' ', 'T')}Z`) / 1000);
    const expected = Array.from(Map.groupBy(views, ({ session }) => session).values(), (own) =>
      own.toSorted((a, b) => a.at - b.at),
    );
    const pieces = expected.map((own) => own.filter(({ at }, i) => i === 0 || at - own[i - 1].at > sixHours).length);
    const { counts } = await sequencesOf({ 'a.csv': text }, { columns: { ...columns, gapSeconds: sixHours } });
    expect(counts['sessions']).toBe(pieces.reduce((a, b) => a + b));
  });
});

describe('a pause and an order', () => {
  const rows = [
    'u1,A,1,0',
    'u1,B,2,60',
    'u1,C,1,86400',
    'u1,D,2,86460',
    'u2,B,2,0',
    'u2,A,1,0',
    'u2,D,2,90000',
    'u2,C,3,89999',
  ];
  const at = (row: string) => row.replace(/\d+$/, (seconds) => String(1_700_000_000 + Number(seconds)));
  const own = { session: 'u', product: 'p', order: 'o', time: ['ts'], gapSeconds: 1800 };

  it.each([
    ['in the order of the file', rows],
    ['whatever the order of the file', rows.toReversed()],
  ])('the time cuts, then the order decides inside, %s', async (_, given) => {
    const { sequences } = await sequencesOf({ 'a.csv': `u,p,o,ts\n${given.map(at).join('\n')}` }, { columns: own });
    expect(sequences).toEqual({ u1: ['A', 'B'], 'u1#2': ['C', 'D'], u2: ['A', 'B'], 'u2#2': ['D', 'C'] });
  });
});

describe('a purchase in a file of its own', () => {
  const views = 'sid,pid,ts,ev\ns1,A,1700000000,view\ns1,B,1700000060,view\ns1,C,1700000070,view\n';
  const purchases = 'sid,pid,ts,ev\ns1,B,1700000060,purchase\n';
  const request = {
    columns: { session: 'sid', product: 'pid', time: ['ts'], event: 'ev', events: { view: 1, purchase: 5 } },
  };

  it.each([
    ['after that of the views', { 'a.csv': views, 'b.csv': purchases }],
    ['before it', { 'b.csv': views, 'a.csv': purchases }],
    ['twice', { 'a.csv': views, 'b.csv': purchases, 'c.csv': purchases }],
  ])('counts beside the view of that moment, %s', async (_, files) => {
    const { counts } = await sequencesOf(files, request);
    const { 'a.csv': __, ...others } = files as Record<string, string>;
    expect(counts).toMatchObject({ sequenceViews: 3, purchases: 1 });
    expect(counts['duplicateViews'] ?? 0).toBe(Object.keys(others).length - 1);
  });
});

it('a file without a header that nobody recognises gets names', async () => {
  const text = readCase('movielens/ratings.dat').toString();
  const request = {
    names: ['user', 'movie', 'rating', 'time'],
    columns: { session: 'user', product: 'movie', time: ['time'] },
  };
  const views = text
    .trim()
    .split('\n')
    .map((line) => {
      const [session, product, , at] = line.split('::');
      return { session, product, at: Number(at) };
    });
  expect((await sequencesOf({ 'ratings.dat': text }, request)).sequences).toEqual(sequencesOfViews(views));
  await expect(sequencesOf({ 'ratings.dat': text }, { columns })).rejects.toThrow(/looks like data.*--names/);
});

it('an unknown header is answered with what looks like session, product and time, and the command', async () => {
  await expect(sequencesOf({ 'a.csv': readCase('csv-forms/tilde.csv') })).rejects.toThrow(
    '--session sid --product pid --time ts',
  );
});

it('a guess reads as a sentence whatever was found, and repeats the names that were given', async () => {
  await expect(sequencesOf({ 'a.csv': 'asin,reviewerID,when_at\nA,u1,1\n' })).rejects.toThrow(
    '"reviewerID" looks like the user, "asin" like the product, "when_at" like the time.',
  );
  await expect(sequencesOf({ 'a.csv': 'sku,x,y\nA,1,2\n' })).rejects.toThrow('"sku" looks like the product. Say');
  await expect(sequencesOf({ 'a.tsv': 's1\tA\t1\n' }, { names: ['session', 'product', 'ts'] })).rejects.toThrow(
    '--data FILE --names session,product,ts --session session --product product --time ts',
  );
});

it('UTF-16 with a byte order mark is read', async () => {
  const rows = tsvParse(new TextDecoder('utf-16le').decode(readCase('matomo-utf16/matomo.tsv')));
  const views = rows.map((row) => ({
    session: row['idVisit']!,
    product: row['productSku']!,
    at: Number(row['serverTimestamp']),
  }));
  const { sequences } = await sequencesOf({ 'matomo.tsv': readCase('matomo-utf16/matomo.tsv') });
  expect(sequences).toEqual(sequencesOfViews(views));
});

describe('hostile files end in an answer', () => {
  const own = { columns: { session: 's', product: 'p', order: 'o' }, settings: { max_rejected_share: 1 } };
  it.each([
    ['cols-1000.csv', 8],
    ['column-file_row_number.parquet', 40],
    ['nul-in-header.csv', 40],
    ['proto-ids.csv', 40],
    ['umlaut-ok.csv', 3],
    ['umlaut-and-one-bad-row.csv', 2],
  ])('%s is read', async (name, rows) => {
    expect((await sequencesOf({ [name]: readCase(`bad/${name}`) }, own)).counts['rows']).toBe(rows);
  });

  it('a line number is found beside letters that are not ASCII', async () => {
    const { rejected } = await sequencesOf({ 'a.csv': readCase('bad/umlaut-and-one-bad-row.csv') }, own);
    expect(rejected).toEqual([[4, 'o', 'is not a number: found "x"']]);
  });

  it.each([
    ['dup-columns-2k.csv', 'has 2,003 columns; at most 2,000'],
    ['keys-5k-one.jsonl', 'has 5,003 columns; at most 2,000'],
    ['gz-trailing-garbage.csv.gz', 'cannot be decompressed'],
  ])('%s is refused with a sentence', async (name, sentence) => {
    await expect(sequencesOf({ [name]: readCase(`bad/${name}`) }, own)).rejects.toThrow(sentence);
  });

  it('a time before the calendar is a rejected row', async () => {
    const request = { ...own, columns: { session: 's', product: 'p', time: ['t'] } };
    const { rejected } = await sequencesOf(
      { 'a.csv': `${readCase('bad/time-neg-min.csv')}s2,b,2020-01-02\n` },
      request,
    );
    expect(rejected).toEqual([[2, 't', 'is not a time: found "-290000-01-01"']]);
  });

  it('a product that is a deep list is no id', async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const lines = [`{"s":"a","p":${deep},"o":1}`, '{"s":"a","p":"x","o":2}', '{"s":"a","p":"y","o":3}'];
    const { rejected, counts } = await sequencesOf({ 'a.jsonl': lines.join('\n') }, own);
    expect(counts).toMatchObject({ rows: 2, rejectedRows: 1 });
    expect(rejected[0].slice(0, 1)).toEqual([1]);
  });
});
