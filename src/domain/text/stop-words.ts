/**
 * Stop words: what says nothing by itself in any sentence. Of Chinese and Japanese, see `isFunctionPair` in the
 * lexicon. A text may mix languages, so words that mean something in another are left out, as German "die" for English.
 */
import { hashOf } from './word-hash.ts';

const ENGLISH = `
a about above after again ah all also am an and any are aren't as at be because been before being below between both
but by can can't come could couldn't did didn't do does doesn't doing don't down during each even every few for from
further get gets getting go goes going gonna good got gotta had has hasn't have haven't having he he'd he'll he's her
here here's hers herself hey him himself his how huh i i'd i'll i'm i've if in into is isn't it it's its itself just
kind know let let's like little look lot made make many maybe me mean mm more most much my myself no nope not now of off
oh ok okay on once one only or other our ours out over own please put really right same say says see she she'd she'll
she's should shouldn't so some something sorry still such sure take tell than thank thanks that that's the their theirs
them themselves then there there's these they they'd they'll they're they've thing things think this those through to
too two uh um under until up us very want wanna was wasn't way we we'd we'll we're we've well were weren't what what's
when where where's which while who who's whom whose why will with won't would wouldn't yeah yep yes you you'd you'll
you're you've your yours yourself
`;

const GERMAN = `
aber alle allem allen aller alles als andere anderen ansonsten auch auf aus bei beim bis bist bisschen da dabei dafür
damit dann daran darauf darum das dass davon dazu dein deine deinem deinen deiner dem denn der deren des dessen dich
diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach eigentlich es etwas
euch euer eure für ganz gerade gibt haben habe habt hatte hatten hätte hin ich ihm ihn ihnen ihr ihre ihrem ihren
ihrer immer irgendwie ist ja jede jedem jeden jeder jedes jetzt kann kannst kein keine keinem keinen keiner können
könnte mehr mein meine meinem meinen meiner mich mir mit muss müssen nach natürlich nein nicht nichts noch nur oder
ohne schon sehr sein seinem seinen seiner seit sich sie sind sollte sollen sondern über und uns unser unsere unserem
unseren unter viel von vor warum wegen weil weiter wenn werden wieder wir wird wirklich wo würde wurde wurden ziemlich
zu zum zur zwischen
`;

const FRENCH = `
à afin ai aie ainsi alors après au aucun aucune aussi autre autres aux avec avoir avons avez avait avais beaucoup
c'est cela celle celui ces cet cette ceux chaque chez comme d'un d'une dans de déjà depuis donc elle elles en entre
est et était étais étaient être eu eux fais il ils j'ai jamais je jusqu l'on la là le les leur leurs lui même moins
mon n'est ne ni notre nous ont ou où parce peu peut peux plutôt pourquoi pourtant qu'il qu'elle qu'on quand que quel
quelle quelque quelques qui quoi s'est sa se serait ses soit sommes sont souvent suis ta tes toi toujours tous toute
toutes très trop tu un une va vais vers veux voici voilà vos votre vous vraiment y
`;

const SPANISH = `
algo alguien algún alguna antes aquel aquella aquí así aunque cada como cómo cual cuando cuándo del desde donde dónde
durante el él ellas ellos eran eres esa ese eso esos esta está estaba están estar estas este esto estos estoy fue
fueron había hace hacia han hasta las lo los más mí mis mucho muchos muy nada nosotros nuestra nuestro nunca o otra
otro otros para pero poco por porque puede pues qué quien quién sé ser sí sido siempre sobre somos soy su sus también
tan tanto tener tengo tiene toda todos tú tus usted vosotros ya yo
`;

const ITALIAN = `
agli alla allo anche ancora avere aveva che ci ciò così cosa cui dal dalla della delle dello di dopo è erano essere fa
fino già gli hai hanno i li loro molto nel nella noi non nostro ogni perché più poi prima qua qual quale quando quella
quello questa queste questo quindi sempre senza siamo stato sul sulla tra tutti tutto vi voi
`;

const PORTUGUESE = `
ao aos aquela aquele aqui até dela dele depois e ela elas ele eles em essa esse foi há isso isto já lhe mesmo meu
minha muito na não nas nem nós nossa nosso numa onde os pela pelo quem sem seu seus são só suas também tem tinha uma
você vocês
`;

const DUTCH = `
aan daar deze dit doen eens geen haar hebben heeft heb het hij iets ik is jij jullie kan maar meer mij mijn moet naar
niet niets nog nu om omdat onder ons onze ook toch toen u uit veel voor waar waarom wat we werd worden wordt zal ze
zei zelf zich zij zijn zonder zou
`;

const RUSSIAN = `
а без более больше будет будто бы был была были было быть в вам вас ваш весь во вот все всё всегда вы где да даже для
до другой его ее её если есть ещё еще же за здесь и из или им их к каждый как какая какой когда конечно кто куда ли
либо лишь меня мне много может можно мой моя моё мои мы на над надо наш не него неё нет ни ним них ничего но ну о об
один он она они оно опять от очень по под после потом потому почему почти при про просто раз с сам свой своя свою себя
сейчас со совсем так такая такой там тебя тебе тем теперь то тогда того тоже только том тот ту тут ты у уж уже хоть
хотя чего чем через что чтобы чуть эта эти это этого этой этом этот эту я
`;

const ARABIC = `
أن إن أنا أنت أنتم هو هي هم نحن في من على إلى عن مع هذا هذه ذلك تلك هناك هنا التي الذي الذين ما ماذا لماذا كيف متى أين
لا لم لن ليس ليست كان كانت كنت يكون تكون قد لقد و أو ثم بل لكن ولكن حتى إذا لو كل بعض أي أيضا جدا كثيرا قليلا فقط عند
عندي عندما عندك عندهم لي لك له لها لنا لهم بين بعد قبل منذ حول مثل غير سوى يا نعم بي به بها فيه فيها منه منها عليه
عليها إنه إنها أنه أنها كما لأن الآن دائما اليوم
`;

const KOREAN = `
그리고 그런데 그래서 하지만 그러나 나는 나도 나 너 너는 너도 우리 우리는 저는 저도 저 제 제가 내가 내 네 네가 그 이 그건 이건 그게 이게 그냥 너무 정말 진짜 아주 좀 더 잘 안 못 다 또 다시 이제
지금 아직 벌써 항상 가끔 거의 많이 조금 때문에 있어 있는 있다 없어 없는 없다 했어 했다 하는 하고 해서 한 할 것 거 수 때 왜 뭐 어떻게 어디 언제 누가
`;

const lists = [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH, RUSSIAN, ARABIC, KOREAN];
const hashes = new Set(lists.flatMap((list) => list.trim().split(/\s+/u)).map(hashOf));

/** Whether the word with this hash (`hashOf`) is a stop word. */
export function isStopWord(hash: number): boolean {
  return hashes.has(hash);
}
