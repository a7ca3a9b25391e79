// One page for each topic.
import { notFound } from 'next/navigation';
import { Counter } from '../../../components/Counter.jsx';
import { Layout } from '../../../components/Layout.jsx';
import { topics } from '../../../lib/topics.js';

export const dynamicParams = false;

export function generateStaticParams() {
  return topics.map(({ id }) => ({ topic: id }));
}

export default async function Topic({ params }) {
  const { topic } = await params;
  const found = topics.find(({ id }) => id === topic);
  if (!found) notFound();
  return (
    <Layout title={found.title}>
      <p>{found.text}</p>
      <Counter of="agree" />
    </Layout>
  );
}
