import type { ComponentChildren, Ref } from 'preact';
import { useEffect } from 'preact/hooks';

/** One page: its heading, what it is for in a sentence, and its content. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · Alike`;
  }, [title]);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
      {children}
    </>
  );
}

export function Panel({
  title,
  note,
  actions,
  headingRef,
  children,
  class: className = '',
}: {
  title: string;
  /** What the figures are, below the heading. */
  note?: ComponentChildren;
  actions?: ComponentChildren;
  /** Where the focus goes when what had it is gone. */
  headingRef?: Ref<HTMLHeadingElement>;
  children: ComponentChildren;
  class?: string;
}) {
  return (
    <section class={`panel ${className}`}>
      <div class="panel-head">
        <h2 ref={headingRef} tabIndex={headingRef === undefined ? undefined : -1}>
          {title}
        </h2>
        {actions}
      </div>
      {note !== undefined && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
