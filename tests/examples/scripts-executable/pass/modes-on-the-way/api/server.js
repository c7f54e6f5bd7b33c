require("http").createServer((_, answer) => answer.end("up")).listen(8080);
