// The first page.
import { Counter } from '../components/Counter.jsx';
import { Layout } from '../components/Layout.jsx';

export default function Home() {
  return (
    <Layout title="Koalas">
      <Counter of="leaves eaten" />
    </Layout>
  );
}
