import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { NotFound } from './pages/not-found.tsx';
import { Overview } from './pages/overview/overview.tsx';
import { Layout } from './parts/layout.tsx';

const Explore = lazy(() => import('./pages/explore/explore.tsx').then((m) => m.Explore));
const ProductMapPage = lazy(() => import('./pages/map/map.tsx').then((m) => m.ProductMapPage));
const Clusters = lazy(() => import('./pages/clusters/clusters.tsx').then((m) => m.Clusters));
const ClusterPage = lazy(() => import('./pages/clusters/clusters.tsx').then((m) => m.ClusterPage));
const Data = lazy(() => import('./pages/data/data.tsx').then((m) => m.Data));
const RunPage = lazy(() => import('./pages/runs/run.tsx').then((m) => m.RunPage));
const Compare = lazy(() => import('./pages/runs/compare.tsx').then((m) => m.Compare));
const Catalogue = lazy(() => import('./pages/catalogue/catalogue.tsx').then((m) => m.Catalogue));
const Shop = lazy(() => import('./pages/shop/shop.tsx').then((m) => m.Shop));
const ShopProduct = lazy(() => import('./pages/shop/shop.tsx').then((m) => m.ShopProduct));
const ShopCart = lazy(() => import('./pages/shop/shop.tsx').then((m) => m.ShopCart));
const Runs = lazy(() => import('./pages/runs/runs.tsx').then((m) => m.Runs));

export function App() {
  return (
    <LocationProvider>
      <Layout>
        <ErrorBoundary>
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
        </ErrorBoundary>
      </Layout>
    </LocationProvider>
  );
}
