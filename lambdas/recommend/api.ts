import { createApi } from '../shared/http/api.ts';
import { ROUTES } from './routes/table.ts';

export const api = createApi(ROUTES, {
  title: 'Alike',
  version: '1',
  description: "Similar-product recommendations learned from a shop's own clickstream",
});
