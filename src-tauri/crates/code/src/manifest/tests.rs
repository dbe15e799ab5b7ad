use super::*;

/// What a manifest proves, as `name package:line`, comma-separated.
#[track_caller]
fn check(path: &str, text: &str, expected: &str) {
    let found = frameworks(path, text);
    let shown: Vec<_> = found.iter().map(|f| format!("{} {}:{}", f.name, f.package, f.line)).collect();
    assert_eq!(shown.join(", "), expected, "{path}:\n{text}");
    assert!(found.iter().all(|f| f.file == path), "the file is the path that was given");
}

#[test]
fn requirements() {
    let text = "# flask\nDjango>=4.2  # redis\n-r other.txt\n\nflask-cors==4\nscikit_learn ~= 1.4 ; python_version > '3'\r\n\
                uvicorn[standard]\ndjango==5\ngit+https://example.org/x.git\nhttpx @ https://example.org/httpx.whl\n";
    let expected = "Django Django:2, scikit-learn scikit_learn:6, Uvicorn uvicorn:7, HTTPX httpx:10";
    check("requirements-dev.txt", text, expected);
    check("requirements/base.txt", "Flask\n", "Flask Flask:1");
    check("notes.txt", "Flask\n", "");
}

#[test]
fn pyproject() {
    let text = "[project]\nname = \"flask\"\ndependencies = [\n  \"FastAPI>=0.100\", # \"redis\"\n  \"sqlalchemy[asyncio]\",\n]\n\
                [project.optional-dependencies]\ndev = [\"pytest\"]\n[dependency-groups]\nlint = [\"ruff\", {include-group = \"dev\"}]\n\
                [tool.poetry.dependencies]\npython = \"^3.12\"\ncelery = { version = \"5\" }\n\
                [tool.poetry.group.docs.dependencies]\nsphinx = \"*\"\n[tool.django]\nx = 1\n";
    let expected = "FastAPI FastAPI:4, SQLAlchemy sqlalchemy:5, pytest pytest:8, Ruff ruff:10, Celery celery:13, Sphinx sphinx:15";
    check("api/pyproject.toml", text, expected);
    check("pyproject.toml", "[project]\ndependencies = [\"flask\"]\n[broken\nx = = 1\n", "Flask flask:2");
}

#[test]
fn setup_files_and_pipfile() {
    let cfg = "[metadata]\nname = flask\n[options]\ninstall_requires =\n    # redis\n    requests>=2\n    click\npython_requires = >=3\n\
               [options.extras_require]\ntest = pytest\n  mypy; python_version > '3'\n";
    check("setup.cfg", cfg, "Requests requests:6, Click click:7, pytest pytest:10, mypy mypy:11");
    let py = "'''install_requires=['redis']'''\nsetup(name='flask',\n  install_requires=[\n    'Flask>=2',  # 'django'\n    \"numpy\",\n  ],\n  \
              extras_require={'pandas': ['torch'], 'b': ['rich']},\n  keywords=['fastapi'],\n)\n";
    check("setup.py", py, "Flask Flask:4, NumPy numpy:5, PyTorch torch:7, Rich rich:7");
    let pipfile =
        "[packages]\nflask = \"*\"\n[dev-packages]\npytest = \"*\"\n[requires]\npython_version = \"3.12\"\n";
    check("Pipfile", pipfile, "Flask flask:2, pytest pytest:4");
}

#[test]
fn package_json() {
    let text = "{\n \"name\": \"express\",\n \"dependencies\": {\n  \"react\": \"^18\", \"@nestjs/core\": \"1\",\n  \"react-icons\": \"1\"\n },\n \
                // \"vue\": 1\n \"devDependencies\": {\n  \"jest\": \"29\",\n  \"typescript\": \"5\",\n },\n \
                \"other\": {\"dependencies\": {\"vue\": \"3\"}},\n \"scripts\": {\"koa\": \"koa\"},\n \"keywords\": [\"svelte\"]\n}\n";
    check("ui/package.json", text, "React react:4, NestJS @nestjs/core:4, Jest jest:9");
    check("package.json", "{\"dependencies\": {\"react\": \"1\", \"vue", "React react:1");
    check(
        "package.json",
        "{\"dependencies\": {\"a\\\\\\\"b\": \"react\", \"vue\": {\"x\": 1}, \"koa\": 1",
        "Vue.js vue:1, Koa koa:1",
    );
}

#[test]
fn pom() {
    let text = "<?xml version='1.0'?>\n<project>\n <groupId>org.mockito</groupId>\n <artifactId>guava</artifactId>\n <parent>\n  \
                <groupId>org.springframework.boot</groupId>\n  <artifactId>spring-boot-starter-parent</artifactId>\n </parent>\n \
                <dependencyManagement><dependencies><dependency><groupId>io.netty</groupId><artifactId>netty-bom</artifactId>\
                </dependency></dependencies></dependencyManagement>\n <dependencies>\n  <!-- <dependency><groupId>junit</groupId>\
                <artifactId>junit</artifactId></dependency> -->\n  <dependency>\n   <groupId>org.postgresql</groupId>\n   \
                <artifactId>\n    postgresql</artifactId>\n   <exclusions><exclusion><groupId>x</groupId><artifactId>gson</artifactId>\
                </exclusion></exclusions>\n  </dependency>\n </dependencies>\n</project>\n";
    let parent = "org.springframework.boot:spring-boot-starter-parent:7";
    let expected = format!("Spring {parent}, Spring Boot {parent}, PostgreSQL org.postgresql:postgresql:15");
    check("pom.xml", text, &expected);
    check(
        "pom.xml",
        "<project><dependency><artifactId>junit</artifactId></dependency><dependency><artif",
        "JUnit :junit:1",
    );
}

#[test]
fn msbuild() {
    let text = "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n <!-- <PackageReference Include=\"Dapper\" /> -->\n <ItemGroup>\n  \
                <PackageReference Version=\"8\"\n    Include=\"Newtonsoft.JSON\" />\n  \
                <PackageReference Include='Microsoft.EntityFrameworkCore.Sqlite'><Version>8</Version></PackageReference>\n  \
                <PackageReference Update=\"Serilog\" />\n  <PackageVersion Include=\"NUnit\" />\n  \
                <PackageReference Include = \"xunit\" PrivateAssets=\"all\"/>\n </ItemGroup>\n</Project>\n";
    let sdk = "Microsoft.NET.Sdk.Web:1";
    let expected = format!(
        ".NET {sdk}, ASP.NET {sdk}, Json.NET Newtonsoft.JSON:5, \
         Entity Framework Microsoft.EntityFrameworkCore.Sqlite:6, SQLite Microsoft.EntityFrameworkCore.Sqlite:6, xUnit xunit:9"
    );
    check("src/Shop/Shop.csproj", text, &expected);
    let old = "<?xml version=\"1.0\"?>\n<packages>\n  <package id=\"NUnit\" version=\"3\" />\n</packages>";
    check("packages.config", old, "NUnit NUnit:3");
    check("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk/8.0\"><PackageRef", ".NET Microsoft.NET.Sdk:1");
}

#[test]
fn gradle() {
    let text = "plugins {\n  id 'java'\n  id(\"com.android.application\") version \"8\"\n}\nbuildscript { dependencies { classpath 'io.ktor:x:1' } }\n\
                dependencies {\n  // implementation 'io.netty:netty-all:4'\n  implementation(\"com.google.code.gson:gson:2\") { exclude group: 'io.grpc' }\n  \
                implementation group: 'com.squareup.okhttp3', name: 'okhttp', version: '4'\n  testImplementation 'junit:junit:4.13'\n  \
                implementation project(':guava')\n}\nurl = 'https://org.mockito:443'\n";
    let expected = "Android com.android.application::3, Gson com.google.code.gson:gson:8, \
                    OkHttp com.squareup.okhttp3:okhttp:9, JUnit junit:junit:10";
    check("app/build.gradle", text, expected);
    check("build.gradle.kts", text, expected);
}

#[test]
fn go_mod() {
    let text = "module github.com/gin-gonic/gin\n\ngo 1.22\n\nrequire github.com/go-chi/chi/v5 v5.0.0\nrequire (\n\t\
                // github.com/lib/pq v1\n\tgithub.com/labstack/echo/v4 v4.1.0\n\tgorm.io/gorm v1.2.3 // indirect\n\t\
                github.com/spf13/cobra-cli v1\n)\nreplace github.com/spf13/viper => ./viper\n";
    check("go.mod", text, "Chi github.com/go-chi/chi/v5:5, Echo github.com/labstack/echo/v4:8");
}

#[test]
fn cargo() {
    let text = "[package]\nname = \"axum\"\n[dependencies]\ntokio = { version = \"1\" }\ntokio-util = \"0.7\"\n# rocket = \"1\"\n\
                db = { package = \"rusqlite\", version = \"1\" }\n[workspace.dependencies]\nserde = \"1\"\n\
                [target.'cfg(unix)'.dependencies]\nrayon = \"1\"\n[dev-dependencies.proptest]\nversion = \"1\"\n[features]\nwarp = []\n";
    let expected = "Tokio tokio:4, SQLite rusqlite:7, Serde serde:9, Rayon rayon:11, proptest proptest:12";
    check("Cargo.toml", text, expected);
}

#[test]
fn containers_and_workflows() {
    let dockerfile = "# FROM redis\nARG V=1\nFROM --platform=linux/amd64 node:20 AS nginx\nRUN x\nFROM nginx\n\
                      from docker.io/library/postgres:16@sha256:ab\nFROM ${BASE}\n";
    check("Dockerfile", dockerfile, "Docker FROM:3, PostgreSQL postgres:6");
    check("docker/api.Dockerfile", "FROM scratch\n", "Docker FROM:1");
    let compose = "version: '3'\nservices:\n  db:\n    image: \"postgres:16\" # redis\n  # image: mysql\n  mq:\n    \
                   image: localhost:5000/rabbitmq\n  web:\n    command: |\n      image: mongo\n    image: nginx\n";
    check(
        "docker-compose.prod.yml",
        compose,
        "Docker services:2, Docker Compose services:2, PostgreSQL postgres:4, Nginx nginx:11",
    );
    let workflow = "name: x\non: push\njobs:\n  t:\n    services:\n      r:\n        image: redis:7\n";
    check(".github/workflows/ci.yml", workflow, "GitHub Actions jobs:3, Redis redis:7");
    check(".github/workflows/ci.yml", "nothing here\n", "");
    check("docs/.github/workflows/ci.yml", workflow, "");
}

#[test]
fn damaged_and_hostile_files_give_what_could_be_read() {
    let names = [
        "requirements.txt",
        "pyproject.toml",
        "setup.cfg",
        "setup.py",
        "Pipfile",
        "package.json",
        "pom.xml",
        "a.csproj",
        "build.gradle",
        "go.mod",
        "Cargo.toml",
        "Dockerfile",
        "compose.yml",
        ".github/workflows/x.yml",
        "README.md",
        "",
    ];
    let heads = [
        "",
        "[dependencies]\n",
        "install_requires=[",
        "{\"dependencies\": {",
        "<project><dependency>",
        "<Project Sdk=",
        "dependencies {\n",
        "services:\n",
    ];
    let bodies = [
        "\0", "\"", "'", "\\", "é\\", "[", "{", "<", "<a>", "(", "a", "a.", " ", "\n", "/*", "<!--",
        "\"\"\"", "a=", "#", "FROM ",
    ];
    for name in names {
        for head in heads {
            for body in bodies {
                frameworks(name, &format!("{head}{}", body.repeat(200)));
                frameworks(name, &format!("{head}{}\u{1F980}\"'", body.repeat(3)));
            }
        }
        for body in bodies {
            frameworks(name, &body.repeat(50_000 / body.len()));
        }
    }
    let many = frameworks("requirements.txt", &"a\n".repeat(200_000));
    assert!(many.is_empty(), "many unknown packages take a moment, not minutes");
    let long = format!("requests\0\n{}\nflask\n", "x".repeat(1_000_000));
    check("requirements.txt", &long, "Flask flask:3");
}
