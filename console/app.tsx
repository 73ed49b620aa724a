import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { NotFound } from './pages/not-found.tsx';
import { Overview } from './pages/overview/overview.tsx';
import { decoded } from './parts/decoded.ts';
import { latePage } from './parts/late-page.tsx';
import { Layout } from './parts/layout.tsx';
import { PageBoundary } from './parts/page-boundary.tsx';

const Explore = latePage(() => import('./pages/explore/explore.tsx').then((m) => m.Explore));
const ProductMapPage = latePage(() => import('./pages/map/map.tsx').then((m) => m.ProductMapPage));
const Clusters = latePage(() => import('./pages/clusters/clusters.tsx').then((m) => m.Clusters));
const ClusterPage = latePage(() => import('./pages/clusters/clusters.tsx').then((m) => m.ClusterPage));
const Data = latePage(() => import('./pages/data/data.tsx').then((m) => m.Data));
const RunPage = latePage(() => import('./pages/runs/run.tsx').then((m) => m.RunPage));
const Compare = latePage(() => import('./pages/runs/compare.tsx').then((m) => m.Compare));
const Catalogue = latePage(() => import('./pages/catalogue/catalogue.tsx').then((m) => m.Catalogue));
const Shop = latePage(() => import('./pages/shop/shop.tsx').then((m) => m.Shop));
const ShopProduct = latePage(() => import('./pages/shop/shop.tsx').then((m) => m.ShopProduct));
const ShopCart = latePage(() => import('./pages/shop/cart.tsx').then((m) => m.ShopCart));
const Runs = latePage(() => import('./pages/runs/runs.tsx').then((m) => m.Runs));

export function App() {
  return (
    <LocationProvider>
      <Layout>
        <Pages />
      </Layout>
    </LocationProvider>
  );
}

function Pages() {
  const { url, path } = useLocation();
  // The router decodes, and would throw.
  if (decoded(path) === undefined) return <NotFound />;
  return (
    <PageBoundary url={url}>
      <Router>
        <Route path="/" component={Overview} />
        <Route path="/explore" component={Explore} />
        <Route path="/map" component={ProductMapPage} />
        <Route path="/clusters" component={Clusters} />
        <Route path="/clusters/:clusterNo" component={ClusterPage} />
        <Route path="/data" component={Data} />
        <Route path="/runs" component={Runs} />
        <Route path="/runs/compare" component={Compare} />
        <Route path="/runs/:runId" component={RunPage} />
        <Route path="/catalogue" component={Catalogue} />
        <Route path="/shop" component={Shop} />
        <Route path="/shop/cart" component={ShopCart} />
        <Route path="/shop/products/:productId" component={ShopProduct} />
        <Route default component={NotFound} />
      </Router>
    </PageBoundary>
  );
}
