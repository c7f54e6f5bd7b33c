"""What a command, an action or a step of a pipeline is for: a test, a build, a deployment, or nothing that matters.

Told by the program and its arguments, and by names where a project's own script hides them.
"""

# ruff: noqa: E501 -- tables of patterns, one a line

from __future__ import annotations

import re

from shipworthy.formats.tree import Block
from shipworthy.patterns import lazy

TEST = "test"
BUILD = "build"
DEPLOYMENT = "deployment"
MIGRATION = "migration"
HEALTH = "health check"
BACKUP = "backup"
LINT = "linter"
SCAN = "security scan"

_LONGEST = 400
"""Characters of a command that are looked at."""
_RUNNERS = lazy(
    r"^(?:(?:npx|bunx|pnpx|uvx|pipx run)(?: (?:-p|--package) \S+| -\S+)*+"
    r"|(?:poetry|uv|pipenv|pdm|hatch|rye|conda|mamba|micromamba) run(?: (?:-n|-p|--with|--group|--extra|--python) \S+| -\S+)*+"
    r"|(?:yarn|pnpm|bun) (?:exec|dlx|x)|npm exec(?: --)?|bundle exec|composer exec|xvfb-run(?: -\S+)*+|php|dotnet tool run"
    r"|coverage run(?: -\S+)*+|python3?(?:\.\d+)?(?: -(?:u|O|B|W \S+))*+ -m) +"
)
"""What runs another program; no part can match in two ways, or hostile commands would take exponential time."""
_FOLDER = lazy(r"^\S*/(?=[\w.-]+(?: |$))")
_MANAGER = lazy(
    r"^(?:npm|pnpm|yarn|bun)(?= )"
    r"(?: +(?:(?:--(?:prefix|workspace|filter|cwd|dir)|-[wCF])[= ]\S+|-\S+|workspaces foreach|workspace \S+))*+"
    r" +(?P<run>(?:run|run-script)(?: -\S+)*+ +)?(?P<name>[\w:./-]+)"
)
_MAKE = lazy(
    r"^(?:g?make|just|task|rake|inv|invoke|ant|bazel|pants|nx|turbo|lerna|moon|npx nx|\./pants)"
    r"(?P<rest>(?: (?:-C|-f|-d|--dir|--filter) \S+| -\S+| [\w:./-]+)*+)"
)
_JAVA = lazy(r"^(?:mvnw?|gradlew?)(?:\.cmd|\.bat)?\b(?P<rest>.*)")
_COMMANDS = tuple(
    (purpose, lazy(pattern))
    for purpose, pattern in (
        (MIGRATION, (r"^(?:alembic|flask db) upgrade|^(?:python3? )?\S*manage\.py migrate|^prisma (?:migrate deploy|db push)|^knex migrate:"
                    r"|^sequelize(?:-cli)? db:migrate|^typeorm(?:-ts-node-\w+)? migration:run|^flyway\b.*migrate|^liquibase\b.*update"
                    r"|^goose\b.* up|^dbmate\b.*(?:up|migrate)|^migrate\b.* up|^sqlx migrate run|^drizzle-kit migrate|^rails db:migrate"
                    r"|^dotnet ef database update|^artisan migrate")),
        (TEST, (r"^(?:py\.?test|nosetests|nose2|unittest|tox|nox|jest|vitest|mocha|ava|karma|phpunit|pest|paratest|rspec|cucumber|bats|ctest"
               r"|newman|artillery|behave|robot|gotestsum|testcafe|wdio|codecept|cypress (?:run)|playwright test|k6 run|locust|cargo-nextest"
               r"|react-scripts test|ng (?:test|e2e)|vue-cli-service test|hardhat (?:test|coverage)|forge test|truffle test|flutter test|dart test"
               r"|swift test|mix test|deno test|bun test|node --test|rails test|artisan test|ct (?:install|lint-and-install)|terratest|inspec exec"
               r"|detox test|maestro test|xcodebuild\b.* test|lhci autorun|sbt\b.* test|stack test|cabal test|zig build test|anchor test)(?: |$)"
               r"|^(?:go|dotnet) test\b|^cargo\b(?: \+\S+)?(?: llvm-cov)? (?:nextest|test|tarpaulin|llvm-cov)\b|^cargo tarpaulin"
               r"|^(?:python3? )?\S*manage\.py test\b|^c8 |^nyc ")),
        (LINT, (r"^(?:eslint|prettier\b.* --?(?:c|check|l|list-different)\b|flake8|pylint|ruff (?:check|format\b.*--check)|black\b.*--(?:check|diff)"
               r"|isort\b.*--(?:check|check-only|diff)|mypy|pyright|basedpyright|pyre|tsc|vue-tsc|stylelint|hadolint|shellcheck|shfmt -d|yamllint"
               r"|actionlint|golangci-lint|staticcheck|revive|rubocop|standardrb|phpstan|psalm|phpcs|pint\b.*--test|ktlint|detekt|checkstyle|biome"
               r"|oxlint|markdownlint(?:-cli2)?|helm lint|kubeval|kubeconform|kube-linter|kube-score|tflint|terraform (?:validate|fmt\b.*-check)"
               r"|solhint|commitlint|pre-commit run|ct lint|next lint|ng lint|vulture|pydocstyle|interrogate|radon|xenon|buf lint|spectral lint|sqlfluff"
               r"|ansible-lint|cargo (?:clippy|check|fmt\b.*--check)|go vet|gofmt -l|dotnet format\b.*--verify)(?: |$)")),
        (SCAN, (r"^(?:bandit|safety|pip-audit|trivy|grype|snyk (?:test|code|container|iac)|semgrep|gitleaks|trufflehog|checkov|tfsec|kics|terrascan"
               r"|govulncheck|gosec|nancy|osv-scanner|retire|audit-ci|better-npm-audit|detect-secrets|sonar-scanner|dependency-check\S*|slither|mythril|myth"
               r"|zap-\S+|nuclei|nikto|cargo (?:audit|deny|geiger)|brakeman|bundle-audit|bundler-audit|composer audit|docker scout|kubesec|kube-bench"
               r"|license-checker|pip-licenses|secretlint|yarn audit|npm audit|pnpm audit|dotnet list\b.*--vulnerable)(?: |$)"
               r"|^(?:docker|podman|nerdctl) run\b[^|;&]* (?:[\w.-]+/)*(?:trivy|grype|snyk|semgrep|gitleaks|trufflehog|checkov|tfsec|kics|gosec"
               r"|docker-bench-security|dependency-check|zaproxy|zap2docker-\w+|nuclei|osv-scanner|bandit)(?:[:@]\S+)?(?: |$)")),
        (DEPLOYMENT, (r"^kubectl\b.* (?:apply|replace|rollout (?:undo|restart)|set image|patch)\b|^kubectl (?:apply|replace|set image)|^helm\b.*(?:upgrade|install) |^helmfile\b.*(?:apply|sync)"
                     r"|^(?:terraform|tofu|terragrunt)\b.* apply|^terraform apply|^pulumi up|^cdk deploy|^(?:serverless|sls|sam|vercel|kamal|flyctl|fly|wrangler|firebase|netlify|amplify|eb|azd|copilot|convex|supabase|hardhat) (?:deploy|publish|\S+ deploy)\b"
                     r"|^vercel\b.*--prod|^railway up|^gcloud\b.* deploy|^gcloud (?:run|app|functions) deploy|^aws (?:ecs update-service|lambda update-function-code|s3 sync|deploy create-deployment|cloudformation deploy|elasticbeanstalk update)"
                     r"|^az (?:webapp|containerapp|functionapp|aks)\b.*(?:deploy|update|create)|^ansible-playbook\b|^docker stack deploy|^argocd app sync|^git push (?:heroku|dokku)|^cf push|^oc (?:apply|rollout)|^nomad (?:job )?run|^gh-pages\b|^cap \S+ deploy")),
        (HEALTH, (r"^kubectl\b.* (?:rollout status|wait)\b|^kubectl (?:rollout status|wait)|^(?:curl|wget|http|httpie)\b.*(?:/|_)(?:health\w*|healthz|ready|readyz|livez|liveness|readiness|ping|actuator)\b"
                r"|^curl\b(?!.* (?:-X|-d|-T|--request|--data\S*|--upload-file)\b).* (?:-\w*f\w*|--fail\S*) .*/metrics(?:[\"'? ]|$)")),
        (BUILD, (r"^docker(?:-| )compose\b.* build\b|^docker (?:buildx |image )?(?:build|bake)\b|^docker push\b|^(?:podman|buildah|nerdctl|img) (?:build|bud|push)|^kaniko\b|^pack build|^ko (?:build|publish)"
                r"|^(?:go|cargo|dotnet|swift|flutter|hugo|ng|next|vite|nuxt|astro|remix|gatsby|webpack|rollup|esbuild|tsup|react-scripts|vue-cli-service|expo|electron-builder|nest|strapi|forge|anchor|hardhat)(?: \+\S+)? (?:build|compile|publish|bundle)\b"
                r"|^(?:webpack|rollup|tsup|electron-builder|pyinstaller|cmake --build)\b|^(?:python3? )?setup\.py (?:build|bdist\w*|sdist)|^build(?: -\S+)*$|^poetry build|^uv build|^hatch build|^xcodebuild\b|^goreleaser\b")),
        (BACKUP, r"^(?:pg_dump|pg_dumpall|mysqldump|mongodump|restic backup|velero backup create)\b"),
    )
)  # fmt: skip
_NAMES = tuple(
    (purpose, lazy(pattern, re.IGNORECASE))
    for purpose, pattern in (
        (SCAN, r"(?:^|[-_:. ])(?:audit|security[-_ ](?:audit|scan\w*|check)|sast|dast|trivy|snyk|semgrep|gitleaks|vuln\w*|bandit|codeql|secrets?[-_ ]scan\w*)(?:$|[-_:. ])"),
        (LINT, r"(?:^|[-_:. ])(?:lint\w*|eslint|typecheck|type-check|types?[-:]check|check[-:]types?|tsc|fmt[-:]check|format[-:]check|check[-:]format\w*|prettier[-:]check|style[-:]check|mypy|ruff|flake8|pylint|stylelint|clippy|checkstyle)(?:$|[-_:. ])"),
        (HEALTH, r"(?:^|[-_:. ])(?:health\w*|healthcheck|readiness)(?:$|[-_:. ])"),
        (TEST, r"(?:^|[-_:. /])(?:tests?|e2e|unit|integration|smoke\w*|regression|acceptance|cypress|playwright|jest|vitest|pytest|spec|loadtest|run[-_]tests?|coverage)(?:$|[-_:. ])"),
        (MIGRATION, r"(?:^|[-_:. ])migrat\w*(?:$|[-_:. ])"),
        (DEPLOYMENT, r"(?:^|[-_:. /])(?:deploy\w*|rollback|roll[-_ ]back|rollout|promote)(?:$|[-_:. ])"),
        (BACKUP, r"(?:^|[-_:. ])backups?(?:$|[-_:. ])"),
        (BUILD, r"(?:^|[-_:. ])(?:build|compile|bundle|assemble|package)(?:$|[-_:. ])"),
        (LINT, r"^check(?:$|[-_:. ])"),
    )
)  # fmt: skip
_SCRIPT = lazy(
    r"^(?:(?:bash|sh|source|\.|node|python3?(?:\.\d+)?|ts-node|tsx|ruby|php|deno run|bun)(?: -\S+)* )?(?P<path>(?:\./|\.\./)?[\w./-]*\.(?:sh|bash|py|js|mjs|cjs|ts|rb|php|pl)|\./[\w./-]+)(?: |$)"
)
_ACTIONS = tuple(
    (purpose, lazy(pattern, re.IGNORECASE))
    for purpose, pattern in (
        (SCAN, r"trivy|snyk|semgrep|bandit|gitleaks|trufflehog|checkov|tfsec|kics|anchore/scan|grype|codeql-action/analyze|sonar|ossf/scorecard|dependency-review|zaproxy|osv-scanner|gosec|njsscan|dependency-check|audit-check|cargo-deny|scout-action|veracode|checkmarx|horusec"),
        (LINT, r"super-linter|megalinter|golangci-lint|hadolint|shellcheck|ruff-action|psf/black|eslint|stylelint|yamllint|markdownlint|actionlint|pre-commit/action|reviewdog|kube-linter|flake8|mypy|typos"),
        (TEST, r"cypress-io/github-action|playwright|newman|k6|lighthouse|chromaui|artillery"),
        (DEPLOYMENT, r"vercel|netlify|flyctl-actions|superfly|azure/(?:webapps|k8s|aks|functions|container-apps|static-web)\S*-?deploy|amazon-ecs-deploy|heroku-deploy|deploy-cloudrun|deploy-appengine|wrangler-action|pages-action|deploy-pages|gh-pages|ssh-action|scp-action|ssh-deploy|railway|render-deploy|helm-deploy|kubectl|kubernetes-set-context^|action-hosting-deploy|serverless/github|beanstalk-deploy|pypi-publish"),
        (BUILD, r"docker/(?:build-push|bake)-action|build-push|kaniko|goreleaser/|maven-publish|tauri-action"),
    )
)  # fmt: skip
_SETUP_ACTIONS = lazy(r"/(?:setup|install|cache|checkout|login)[\w-]*@|setup-|/upload|upload-|download-|codecov|coveralls|labeler|comment|cache|login", re.IGNORECASE)  # fmt: skip
_GOALS = (
    (SCAN, frozenset({"dependencyCheckAnalyze", "dependency-check:check", "sonar:sonar", "sonar", "sonarqube", "spotbugs:check"})),
    (TEST, frozenset({"test", "verify", "check", "integrationTest", "integration-test", "surefire:test", "failsafe:verify", "connectedCheck", "e2eTest", "jacocoTestReport"})),
    (DEPLOYMENT, frozenset({"deploy", "publish"})),
    (LINT, frozenset({"checkstyle:check", "spotlessCheck", "spotless:check", "ktlintCheck", "detekt", "lint", "checkstyleMain", "pmd:check"})),
    (BUILD, frozenset({"build", "package", "install", "assemble", "bootJar", "compile", "bootBuildImage", "jib", "jib:build", "shadowJar", "compileJava"})),
)  # fmt: skip
_MANAGED = {"test": TEST, "t": TEST, "tst": TEST, "audit": SCAN, "build": BUILD, "publish": DEPLOYMENT}
_ABOUT = lazy(r"summar|report|telemetry|badge|comment|notif|upload|result|metric|collect|log", re.IGNORECASE)
"""In the name of a script that speaks about a check instead of doing it."""
_NOT_RUN = frozenset(
    "install i ci add remove uninstall init cache config set login whoami version link pack view".split()
)
_NEVER_FAILS = lazy(
    r"(?<!\S)(?P<option>--exit-zero|--?no-?fail|--soft-fail|--(?:issues-)?exit-code[= ][\"']?0|--audit-level[= ]none|--ignore-on-exit[= ](?:all|results))"
    r"(?![\w-])"
)
"""Options that tell a linter or a scan to succeed whatever it finds."""
_NEVER_FAILING_INPUTS = frozenset({("exit-code", "0"), ("fail-build", "false"), ("soft_fail", "true")})
_TRIES = lazy(r" --(?:dry-run|check-mode|check)\b(?!=none\b)")
"""Lets a deployment only look at what it would do."""
_NO_CHECK = lazy(r"(?:^| )(?:--version|--help|-h|version|--list|install|--fix|--write|--dry-run)(?: |$)")


def purpose_of(command: Block) -> str:
    """What a command is for; "" where it is nothing that must succeed, or nothing known."""
    text = normalized(command)
    managed = _MANAGER.match(text)
    if managed:
        name = managed["name"]
        if not managed["run"] and name in _MANAGED:
            return "" if name == "audit" and " fix" in text else _MANAGED[name]
        if not managed["run"] and (name in _NOT_RUN or not text.startswith(("yarn", "pnpm", "bun"))):
            return ""
        return purpose_of_name(name)
    java = _JAVA.match(text)
    if java:
        goals = {word.rpartition(":")[2] if word.startswith(":") else word for word in java["rest"].split()}
        goals = {goal for goal in goals if f"-x {goal}" not in text}
        return next((purpose for purpose, known in _GOALS if goals & known), "")
    if _NO_CHECK.search(text) and not text.startswith(("helm ", "kubectl ", "docker ")):
        return ""
    for purpose, pattern in _COMMANDS:
        if pattern.search(text):
            return LINT if purpose == DEPLOYMENT and _TRIES.search(text) else purpose
    make = _MAKE.match(text)
    if make:
        targets = [word for word in make["rest"].split() if not word.startswith("-")]
        return next((found for word in targets if (found := purpose_of_name(word))), "")
    script = _SCRIPT.match(text)
    if script:
        name = script["path"].rpartition("/")[2]
        return "" if _ABOUT.search(name) else purpose_of_name(name.rpartition(".")[0] or name)
    return ""


def normalized(command: Block) -> str:
    """A command as one line that begins with the program that matters: ``npx jest`` and ``poetry run pytest`` do not."""
    words = command.words
    first = next((at for at, word in enumerate(words) if word.rpartition("/")[2] == command.name), 0)
    text = " ".join(word.replace("\n", " ") for word in words[first:])[:_LONGEST]
    while True:
        shorter = _RUNNERS.sub("", text, count=1)
        if shorter == text:
            break
        text = shorter
    return (
        text
        if text.startswith(("./", "../")) and "gradlew" not in text and "mvnw" not in text
        else _FOLDER.sub("", text)
    )


def never_fails(text: str) -> str:
    """The option that tells a linter or a scan to succeed whatever it finds; "" where there is none."""
    found = _NEVER_FAILS.search(text)
    return found["option"] if found else ""


def input_never_fails(name: str, value: str) -> bool:
    """Whether what an action is given tells it to succeed whatever it finds."""
    return (name, value.strip().lower()) in _NEVER_FAILING_INPUTS or (name == "args" and never_fails(value) != "")


def purpose_of_name(name: str) -> str:
    """What the name of a script, a target or a file says that it is for."""
    return next((purpose for purpose, pattern in _NAMES if pattern.search(name)), "")


def purpose_of_action(uses: str) -> str:
    """What an action is for."""
    if _SETUP_ACTIONS.search(uses):
        return ""
    return next((purpose for purpose, pattern in _ACTIONS if pattern.search(uses)), "")
