import { ErrorBoundary, LocationProvider, lazy, Route, Router } from 'preact-iso';
import { NotFound } from './pages/not-found.tsx';
import { Overview } from './pages/overview/overview.tsx';
import { Layout } from './parts/layout.tsx';

const Explore = lazy(() => import('./pages/explore/explore.tsx').then((m) => m.Explore));
const Runs = lazy(() => import('./pages/runs/runs.tsx').then((m) => m.Runs));

export function App() {
  return (
    <LocationProvider>
      <Layout>
        <ErrorBoundary>
          <Router>
            <Route path="/" component={Overview} />
            <Route path="/explore" component={Explore} />
            <Route path="/runs" component={Runs} />
            <Route default component={NotFound} />
          </Router>
        </ErrorBoundary>
      </Layout>
    </LocationProvider>
  );
}
