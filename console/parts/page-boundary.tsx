import { Component, type ComponentChildren } from 'preact';
import { problemOf } from '../api/resource.ts';
import { Page } from './page.tsx';
import { Failed } from './states.tsx';

interface Props {
  /** Another address is another attempt. */
  url: string;
  children: ComponentChildren;
}

/** Says that a page failed while it was drawn, where otherwise nothing would stand. */
export class PageBoundary extends Component<Props, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override componentDidUpdate({ url }: Props): void {
    if (url !== this.props.url && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render({ children }: Props, { error }: { error?: unknown }): ComponentChildren {
    if (error === undefined) return children;
    return (
      <Page title="This page failed">
        <Failed problem={problemOf(error)} onRetry={() => this.setState({ error: undefined })} />
      </Page>
    );
  }
}
