// What every page has around it.
import Link from 'next/link';
import { topics } from '../lib/topics.js';

export function Layout({ title, children }) {
  return (
    <>
      <nav>
        <Link href="/">Home</Link> <Link href="/about">About</Link>
        {topics.map(({ id, title }) => (
          <Link key={id} href={`/topics/${id}`}>
            {title}
          </Link>
        ))}
      </nav>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
    </>
  );
}
