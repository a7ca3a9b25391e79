// A static export: twelve pages in out/.
export default { output: 'export' };
