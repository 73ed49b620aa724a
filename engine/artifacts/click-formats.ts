import type { Columns, FormatName, Reading } from './click-source.ts';

/** A known source: how it is read, and by what it is recognised. */
export interface ClickFormat extends Reading {
  /** Whose files they are, in words. */
  source: string;
  /** Columns of the header that no other source has together; more may stand beside them. */
  header?: readonly string[];
  /** Of a file without a header: what its first line looks like. */
  firstLine?: RegExp;
  /** Other columns of the session, where a file has not those above. */
  otherSessions?: readonly NonNullable<Columns['session']>[];
  /** Columns that may be empty: such a row has no session where one of them is the session or the user. */
  mayBeEmpty?: readonly string[];
  /** What its rows are, where it has no events and they are no views. */
  rows?: 'purchase';
  /** Whether views of pages stand among its rows: one without a product is no fault. */
  hasPages?: true;
  /** Of the source's files where they are not UTF-8. */
  encoding?: 'latin-1';
}

const HALF_AN_HOUR = 1800;

export const CLICK_FORMATS: Record<FormatName, ClickFormat> = {
  eshop: {
    source: 'e-shop clothing 2008, UCI 553',
    header: ['session ID', 'page 2 (clothing model)', 'order', 'year', 'month', 'day'],
    columns: {
      session: 'session ID',
      product: 'page 2 (clothing model)',
      order: 'order',
      time: ['year', 'month', 'day'],
    },
  },
  ga4: {
    source: 'Google Analytics 4, BigQuery export',
    header: ['event_name', 'event_timestamp', 'event_params', 'user_pseudo_id', 'items'],
    columns: {
      session: ['user_pseudo_id', 'event_params.ga_session_id'],
      product: 'items[].item_id',
      time: ['event_timestamp'],
      event: 'event_name',
      events: { view_item: 1 },
    },
  },
  'ga4-flat': {
    source: 'Google Analytics 4, one row per item',
    header: ['event_name', 'event_timestamp', 'user_pseudo_id', 'ga_session_id', 'item_id'],
    columns: {
      session: ['user_pseudo_id', 'ga_session_id'],
      product: 'item_id',
      time: ['event_timestamp'],
      event: 'event_name',
      events: { view_item: 1 },
    },
  },
  segment: {
    source: 'Segment, track calls',
    header: ['anonymousId', 'event', 'timestamp', 'properties'],
    columns: {
      user: 'anonymousId',
      gapSeconds: HALF_AN_HOUR,
      product: 'properties.product_id',
      time: ['timestamp'],
      event: 'event',
      events: { 'Product Viewed': 1 },
    },
  },
  snowplow: {
    source: 'Snowplow, e-commerce actions',
    header: ['domain_sessionid', 'derived_tstamp', 'contexts_com_snowplowanalytics_snowplow_ecommerce_product_1'],
    columns: {
      session: 'domain_sessionid',
      product: 'contexts_com_snowplowanalytics_snowplow_ecommerce_product_1[].id',
      time: ['derived_tstamp'],
      event: 'unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1.type',
      events: { product_view: 1 },
    },
  },
  matomo: {
    source: 'Matomo',
    header: ['idVisit', 'serverTimestamp', 'productSku'],
    hasPages: true,
    columns: { session: 'idVisit', product: 'productSku', time: ['serverTimestamp'] },
  },
  adobe: {
    source: 'Adobe Analytics, data feed',
    header: ['visit_num', 'hit_time_gmt', 'product_list'],
    hasPages: true,
    columns: { session: ['visid', 'visit_num'], product: 'product_list[,][;2]', time: ['hit_time_gmt'] },
    otherSessions: [
      ['post_visid_high', 'post_visid_low', 'visit_num'],
      ['visid_high', 'visid_low', 'visit_num'],
    ],
  },
  retailrocket: {
    source: 'RetailRocket',
    header: ['timestamp', 'visitorid', 'event', 'itemid'],
    columns: {
      user: 'visitorid',
      gapSeconds: HALF_AN_HOUR,
      product: 'itemid',
      time: ['timestamp'],
      event: 'event',
      events: { view: 1 },
    },
  },
  rees46: {
    source: 'REES46, Kaggle multi-category store',
    header: ['event_time', 'event_type', 'product_id', 'user_session'],
    columns: {
      session: 'user_session',
      product: 'product_id',
      time: ['event_time'],
      event: 'event_type',
      events: { view: 1 },
    },
  },
  yoochoose: {
    source: 'YooChoose, RecSys 2015',
    firstLine: /^\d+,\d{4}-\d\d-\d\dT[\d:.]+Z,\d+,\w*\s*$/,
    names: ['session_id', 'timestamp', 'item_id', 'category'],
    columns: { session: 'session_id', product: 'item_id', time: ['timestamp'] },
  },
  diginetica: {
    source: 'Diginetica, CIKM Cup 2016',
    header: ['sessionId', 'itemId', 'timeframe', 'eventdate'],
    columns: { session: 'sessionId', product: 'itemId', time: ['eventdate', 'timeframe'] },
  },
  otto: {
    source: 'OTTO, Kaggle',
    header: ['session', 'events'],
    columns: {
      session: 'session',
      product: 'events[].aid',
      time: ['events[].ts'],
      event: 'events[].type',
      events: { clicks: 1 },
    },
  },
  instacart: {
    source: 'Instacart, market baskets',
    rows: 'purchase',
    header: ['order_id', 'product_id', 'add_to_cart_order'],
    columns: { session: 'order_id', product: 'product_id', order: 'add_to_cart_order' },
  },
  'online-retail': {
    source: 'Online Retail, UCI 352 and 502',
    rows: 'purchase',
    header: ['StockCode', 'Quantity', 'InvoiceDate'],
    encoding: 'latin-1',
    columns: { session: 'Invoice', product: 'StockCode', time: ['InvoiceDate'] },
    otherSessions: ['InvoiceNo'],
    mayBeEmpty: ['Customer ID', 'CustomerID'],
    where: ['Quantity>0'],
  },
  hm: {
    source: 'H&M, Kaggle',
    rows: 'purchase',
    header: ['t_dat', 'customer_id', 'article_id'],
    columns: { session: ['customer_id', 't_dat'], product: 'article_id', time: ['t_dat'] },
  },
  userbehavior: {
    source: 'Taobao UserBehavior',
    firstLine: /^\d+,\d+,\d+,(pv|buy|cart|fav),\d{9,10}\s*$/,
    names: ['user_id', 'item_id', 'category_id', 'behavior_type', 'timestamp'],
    columns: {
      user: 'user_id',
      gapSeconds: HALF_AN_HOUR,
      product: 'item_id',
      time: ['timestamp'],
      event: 'behavior_type',
      events: { pv: 1 },
    },
  },
  alike: {
    source: "Alike's own events",
    header: ['eventId', 'name', 'session', 'items', 'time'],
    columns: {
      session: 'session',
      product: 'items[].item_id',
      time: ['time'],
      event: 'name',
      events: { view_item: 1 },
    },
  },
};

/** The columns of each format. */
export const FORMATS = Object.fromEntries(
  Object.entries(CLICK_FORMATS).map(([name, { columns }]) => [name, columns]),
) as Record<FormatName, Columns>;

/**
 * The columns of a format with a request's own in their place. Whoever names a session, or a user, means that one alone.
 */
export function columnsOf(format: FormatName | undefined, own: Columns): Columns {
  const { session, user, gapSeconds, ...others } = format === undefined ? ({} as Columns) : FORMATS[format];
  const named = own.session !== undefined || own.user !== undefined;
  const whose = named
    ? {}
    : { ...(session !== undefined && { session }), ...(user !== undefined && { user, gapSeconds }) };
  return { ...whose, ...others, ...own };
}
