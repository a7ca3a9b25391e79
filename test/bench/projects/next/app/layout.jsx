// The document around all pages.
import './style.css';

export const metadata = { title: 'Koalas' };

export default function Root({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
