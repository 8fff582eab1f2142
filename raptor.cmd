@echo off
rem Builds what is missing or stale, finds a JDK 25 or later and runs the raptor command on it.
rem
rem   RAPTOR_JAVA_HOME   the JDK to take, where the one found is not wanted
rem   RAPTOR_JAVA_OPTS   more flags for the JVM, such as -Xmx2g
setlocal
set "root=%~dp0"
rem The benchmarks are a program of their own, with other libraries beside it to compare with.
set "program=app"
set "profile="
if "%~1"=="bench" (
  set "program=bench"
  set "profile=-Ppeers"
)
set "jar=%root%raptor-%program%\target\raptor-%program%.jar"

set "jdk="
for %%H in ("%RAPTOR_JAVA_HOME%" "%JAVA25_HOME%" "%JAVA_HOME%") do call :try_jdk "%%~H"
for /f "delims=" %%J in ('where java 2^>nul') do call :try_jdk "%%~dpJ.."
for %%V in ("Eclipse Adoptium" Java Zulu Microsoft "Amazon Corretto" BellSoft) do (
  for /d %%H in ("%ProgramFiles%\%%~V\*") do call :try_jdk "%%~H"
)
for /d %%H in ("%USERPROFILE%\.jdks\*" "%USERPROFILE%\.sdkman\candidates\java\*") do call :try_jdk "%%~H"
if not defined jdk (
  echo raptor: no JDK 25 or later found; install one, for example Temurin 25, or set RAPTOR_JAVA_HOME to it>&2
  exit /b 2
)

rem Exit code 1: a source is newer than the jar, or there is no jar.
powershell -NoProfile -Command ^
  "if (-not (Test-Path $env:jar)) { exit 1 }; $built = (Get-Item $env:jar).LastWriteTime;" ^
  "$sources = @(Get-ChildItem $env:root -Filter pom.xml) + @('core', 'sim', 'rl', $env:program | ForEach-Object {" ^
  "Get-ChildItem ($env:root + 'raptor-' + $_ + '\pom.xml'); Get-ChildItem -Recurse ($env:root + 'raptor-' + $_ + '\src\main') });" ^
  "if ($sources | Where-Object { $_.LastWriteTime -gt $built }) { exit 1 }"
if errorlevel 1 (
  echo raptor: building ^(a minute the first time^) ...>&2
  call :build <nul >&2
  if errorlevel 1 (
    echo raptor: the build failed, see above>&2
    exit /b 1
  )
)

rem Where much is computed the vector module pays. Elsewhere it would cost time to start, and a warning,
rem and the plainest JVM is the quickest.
set "flags=--add-modules jdk.incubator.vector"
for %%C in ("" fly describe infer replay import help --help -h --version -V) do if "%~1"=="%%~C" set "flags=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
set "arguments=%*"
if "%~1"=="bench" (
  set "flags=--add-modules jdk.incubator.vector --sun-misc-unsafe-memory-access=allow"
  call set "arguments=%%arguments:*bench=%%"
)
"%jdk%\bin\java" %flags% %RAPTOR_JAVA_OPTS% -jar "%jar%" %arguments%
exit /b %errorlevel%

:try_jdk
if defined jdk exit /b
if not exist "%~1\bin\javac.exe" exit /b
if not exist "%~1\release" exit /b
rem The line is JAVA_VERSION="25.0.3"; what separates is = . and the quote.
for /f tokens^=2^ delims^=^=^.^" %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do if %%V GEQ 25 set "jdk=%~1"
exit /b

:build
pushd "%root%"
set "JAVA_HOME=%jdk%"
call mvnw.cmd -q -B %profile% -Dmaven.test.skip package -pl raptor-%program% -am
set "status=%errorlevel%"
rem An older jar may be up to date for Maven; its time is what the next start compares with.
if "%status%"=="0" powershell -NoProfile -Command "(Get-Item $env:jar).LastWriteTime = Get-Date"
popd
exit /b %status%
