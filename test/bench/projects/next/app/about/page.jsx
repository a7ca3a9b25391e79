// A page without a state.
import { Layout } from '../../components/Layout.jsx';

export default function About() {
  return (
    <Layout title="About">
      <p>Twelve pages about koalas.</p>
    </Layout>
  );
}
