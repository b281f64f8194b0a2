import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A view with its title, on which the focus is when somebody has come to it. */
export function View({
  title,
  actions,
  children,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = `${title} · Dashboard`;
  }, [title]);
  return (
    <>
      <div class="title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <div class="buttons">{actions}</div>
      </div>
      {children}
    </>
  );
}

/** A part of a view. */
export function Section({
  title,
  actions,
  children,
  isPlain = false,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
  /** Without a box around it. */
  isPlain?: boolean;
}) {
  return (
    <section class={isPlain ? 'section' : 'section box'}>
      <div class="section-title">
        <h2>{title}</h2>
        <div class="buttons">{actions}</div>
      </div>
      {children}
    </section>
  );
}
