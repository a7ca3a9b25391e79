// A parameter of a route, in its query or in a header; those in the path need no row.

export interface Parameter {
  name: string;
  in: 'query' | 'header';
  description: string;
}
