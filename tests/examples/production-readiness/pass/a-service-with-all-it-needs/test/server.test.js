require('node:test')('it answers', () => {});
