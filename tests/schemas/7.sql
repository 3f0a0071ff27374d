BEGIN TRANSACTION;
CREATE TABLE access_log (
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	what TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	who TEXT DEFAULT '' NOT NULL, 
	rows INTEGER DEFAULT '0' NOT NULL, 
	why TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE finding (
	store TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	night_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	book TEXT DEFAULT '' NOT NULL, 
	sheet TEXT DEFAULT '' NOT NULL, 
	cell TEXT DEFAULT '' NOT NULL, 
	code TEXT DEFAULT '' NOT NULL, 
	level TEXT DEFAULT '' NOT NULL, 
	label TEXT DEFAULT '' NOT NULL, 
	found TEXT DEFAULT '' NOT NULL, 
	want TEXT DEFAULT '' NOT NULL, 
	say TEXT DEFAULT '' NOT NULL, 
	who TEXT DEFAULT '' NOT NULL, 
	proposal TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (store, submission_id, night_id, number)
);
INSERT INTO "finding" VALUES('default','a92062f3b20db519','2026-11-03T20261103213000',0,'登记.xlsx','3日','C5','phone.wrong-length','error','电话','1380000222','11 位手机号,或带区号的座机','登记.xlsx › 3日 C5 电话:电话「1380000222」位数不对 → 11 位手机号,或带区号的座机','李明','');
CREATE TABLE hand_in (
	store TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	night_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	form TEXT DEFAULT '' NOT NULL, 
	family TEXT DEFAULT '' NOT NULL, 
	scope TEXT DEFAULT '' NOT NULL, 
	covers TEXT DEFAULT '' NOT NULL, 
	sheet TEXT DEFAULT '' NOT NULL, 
	records INTEGER NOT NULL, 
	held INTEGER NOT NULL, 
	later TEXT DEFAULT '' NOT NULL, 
	wild BOOLEAN NOT NULL, 
	guards TEXT DEFAULT '' NOT NULL, 
	heads TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (store, submission_id, night_id, number)
);
INSERT INTO "hand_in" VALUES('default','a92062f3b20db519','2026-11-03T20261103213000',0,'visitor_register','visits','visitor_register|visits|visited_on=2026-11-03','{"visited_on":"2026-11-03"}','3日',2,1,'2026-11-03T18:00:00.000000|a92062f3b20db519',0,'[{"kind":"visit","form":"visitor_register","parts":[["2026-11-03"],["09:30"],["李明"],["","赵女士",""]]}]','{"customer_name":"B3 顾客名称","phone":"C3 电话","channel":"D3 到访方式","visit_kind":"E3 来访性质","model":"F3 拟购车型","level":"G3 意向级别","arrived_at":"H3 进店时间","left_at":"I3 离店时间","consultant":"J3 销售顾问","note":"K3 注释"}');
INSERT INTO "hand_in" VALUES('default','c1013cd3089250db','2026-11-04T20261104213000',0,'visitor_register','visits','visitor_register|visits|visited_on=2026-11-03','{"visited_on":"2026-11-03"}','3日',2,0,'2026-11-04T18:00:00.000000|c1013cd3089250db',0,'','{"customer_name":"B3 顾客名称","phone":"C3 电话","channel":"D3 到访方式","visit_kind":"E3 来访性质","model":"F3 拟购车型","level":"G3 意向级别","arrived_at":"H3 进店时间","left_at":"I3 离店时间","consultant":"J3 销售顾问","note":"K3 注释"}');
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_rev','7');
INSERT INTO "meta" VALUES('digest','a0e07c01041dba87');
CREATE TABLE night (
	store TEXT NOT NULL, 
	night_id TEXT NOT NULL, 
	"on" DATE NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	code_version TEXT NOT NULL, 
	schema_rev INTEGER NOT NULL, 
	rules TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (store, night_id)
);
INSERT INTO "night" VALUES('default','2026-11-03T20261103213000','2026-11-03','done','2026-11-03 21:30:00.000000','2026-11-03 21:30:00.000000','0.1.0',7,'05a8b9d5affed585');
INSERT INTO "night" VALUES('default','2026-11-04T20261104213000','2026-11-04','done','2026-11-04 21:30:00.000000','2026-11-04 21:30:00.000000','0.1.0',7,'05a8b9d5affed585');
CREATE TABLE rulebook (
	digest VARCHAR(16) NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (digest)
);
INSERT INTO "rulebook" VALUES('05a8b9d5affed585',X'789C030000000001');
CREATE TABLE stood (
	store TEXT NOT NULL, 
	night_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	rows BLOB NOT NULL, 
	PRIMARY KEY (store, night_id, kind)
);
INSERT INTO "stood" VALUES('default','2026-11-04T20261104213000','visit',X'789C8B8E5632323032D33534D43530AE31B0B43236A87936B7EFD98CBE1A43630B0320300402251D431D247521861656060640A46700063589964606664669C64946062949A686964A3A4A6599C59925F945F145A9E999C525A9453560816208959A129F9F678B3050295607C51D86065686E8EE300102DABB231600A1874FBD');
CREATE TABLE submission (
	store TEXT NOT NULL, 
	submission_id TEXT NOT NULL, 
	night_id TEXT NOT NULL, 
	sha256 TEXT DEFAULT '' NOT NULL, 
	path TEXT DEFAULT '' NOT NULL, 
	received_at DATETIME NOT NULL, 
	verdict TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	original TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (store, submission_id, night_id)
);
INSERT INTO "submission" VALUES('default','a92062f3b20db519','2026-11-03T20261103213000','a92062f3b20db519a77039b628852910dfa12fe702d9c190c5ceeca1f8fd1cb3','登记.xlsx','2026-11-03 18:00:00.000000','partial','','','archive/originals/2026/11/2026-11-03_a92062f3b20d_登记.xlsx');
INSERT INTO "submission" VALUES('default','c1013cd3089250db','2026-11-04T20261104213000','c1013cd3089250db3b19bf0d45199acf3a5ff6cf4f033a50d74240a3abc09f35','登记.xlsx','2026-11-04 18:00:00.000000','accepted','','','archive/originals/2026/11/2026-11-04_c1013cd30892_登记.xlsx');
CREATE TABLE tombstone (
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	rows INTEGER NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE visit (
	store TEXT NOT NULL, 
	_key TEXT NOT NULL, 
	_version INTEGER NOT NULL, 
	_submission TEXT DEFAULT '' NOT NULL, 
	_night TEXT DEFAULT '' NOT NULL, 
	_later TEXT DEFAULT '' NOT NULL, 
	_stated TEXT DEFAULT '' NOT NULL, 
	_scope TEXT DEFAULT '' NOT NULL, 
	_form TEXT DEFAULT '' NOT NULL, 
	_part TEXT DEFAULT '' NOT NULL, 
	_sheet TEXT DEFAULT '' NOT NULL, 
	_cells TEXT DEFAULT '' NOT NULL, 
	_hash TEXT DEFAULT '' NOT NULL, 
	_by TEXT DEFAULT '' NOT NULL, 
	_row INTEGER NOT NULL, 
	_current BOOLEAN NOT NULL, 
	_withdrawn BOOLEAN NOT NULL, 
	_fulfilled BOOLEAN NOT NULL, 
	visited_on DATE, 
	channel TEXT, 
	visit_kind TEXT, 
	customer_name TEXT, 
	phone TEXT, 
	captured BOOLEAN, 
	refusal_reason TEXT, 
	model TEXT, 
	level TEXT, 
	arrived_at TEXT, 
	left_at TEXT, 
	stay_minutes BIGINT, 
	consultant TEXT, 
	source TEXT, 
	test_driven BOOLEAN, 
	ordered BOOLEAN, 
	party_size BIGINT, 
	note TEXT, 
	plate TEXT, 
	purpose TEXT, 
	PRIMARY KEY (store, _key, _version)
);
INSERT INTO "visit" VALUES('default','2026-11-03|09:30|李明|13800001111',1,'a92062f3b20db519','2026-11-03T20261103213000','2026-11-03T18:00:00.000000|a92062f3b20db519','2026-11-03T18:00:00.000000|a92062f3b20db519','visitor_register|visits|visited_on=2026-11-03','visitor_register','visits','3日','{"visited_on":"B2","customer_name":"B4","phone":"C4","channel":"D4","visit_kind":"E4","model":"F4","level":"G4","arrived_at":"H4","left_at":"I4","consultant":"J4","note":"K4"}','d2fc786d850cabc4','',4,0,0,0,'2026-11-03','walk_in','first','王先生','13800001111',1,NULL,'X5','H','09:30','10:15',45,'李明',NULL,NULL,NULL,NULL,'看车',NULL,NULL);
INSERT INTO "visit" VALUES('default','2026-11-03|10:10|李明|13800004444',1,'a92062f3b20db519','2026-11-03T20261103213000','2026-11-03T18:00:00.000000|a92062f3b20db519','2026-11-03T18:00:00.000000|a92062f3b20db519','visitor_register|visits|visited_on=2026-11-03','visitor_register','visits','3日','{"visited_on":"B2","customer_name":"B6","phone":"C6","channel":"D6","visit_kind":"E6","model":"F6","level":"G6","arrived_at":"H6","left_at":"I6","consultant":"J6","note":"K6"}','9ebbe1725f0fab88','',6,0,0,0,'2026-11-03','walk_in','first','孙先生','13800004444',1,NULL,'X5','H','10:10','11:00',50,'李明',NULL,NULL,NULL,NULL,'看车',NULL,NULL);
INSERT INTO "visit" VALUES('default','2026-11-03|09:30|李明|13800001111',2,'c1013cd3089250db','2026-11-04T20261104213000','2026-11-04T18:00:00.000000|c1013cd3089250db','2026-11-04T18:00:00.000000|c1013cd3089250db','visitor_register|visits|visited_on=2026-11-03','visitor_register','visits','3日','{"visited_on":"B2","customer_name":"B4","phone":"C4","channel":"D4","visit_kind":"E4","model":"F4","level":"G4","arrived_at":"H4","left_at":"I4","consultant":"J4","note":"K4"}','69fcae8362259929','',4,1,0,0,'2026-11-03','walk_in','first','王先生','13800001111',1,NULL,'X5','A','09:30','10:15',45,'李明',NULL,NULL,NULL,NULL,'看车',NULL,NULL);
INSERT INTO "visit" VALUES('default','2026-11-03|09:30|李明|13800002222',1,'c1013cd3089250db','2026-11-04T20261104213000','2026-11-04T18:00:00.000000|c1013cd3089250db','2026-11-04T18:00:00.000000|c1013cd3089250db','visitor_register|visits|visited_on=2026-11-03','visitor_register','visits','3日','{"visited_on":"B2","customer_name":"B5","phone":"C5","channel":"D5","visit_kind":"E5","model":"F5","level":"G5","arrived_at":"H5","left_at":"I5","consultant":"J5","note":"K5"}','4f01666c2c08286e','',5,1,0,0,'2026-11-03','walk_in','first','赵女士','13800002222',1,NULL,'X5','H','09:30','10:15',45,'李明',NULL,NULL,NULL,NULL,'看车',NULL,NULL);
INSERT INTO "visit" VALUES('default','2026-11-03|10:10|李明|13800004444',2,'a92062f3b20db519','2026-11-04T20261104213000','2026-11-04T18:00:00.000000|c1013cd3089250db','2026-11-03T18:00:00.000000|a92062f3b20db519','visitor_register|visits|visited_on=2026-11-03','visitor_register','visits','3日','{"visited_on":"B2","customer_name":"B6","phone":"C6","channel":"D6","visit_kind":"E6","model":"F6","level":"G6","arrived_at":"H6","left_at":"I6","consultant":"J6","note":"K6"}','9ebbe1725f0fab88','c1013cd3089250db',6,1,1,0,'2026-11-03','walk_in','first','孙先生','13800004444',1,NULL,'X5','H','10:10','11:00',50,'李明',NULL,NULL,NULL,NULL,'看车',NULL,NULL);
CREATE INDEX ix_night_on ON night ("on");
CREATE INDEX ix_submission_sha256 ON submission (store, sha256);
CREATE INDEX ix_hand_in_scope ON hand_in (store, scope, later);
CREATE UNIQUE INDEX ux_visit_current ON visit (store, _key) WHERE "_current" = 1;
CREATE INDEX ix_visit_day ON visit (store, visited_on) WHERE "_current" = 1;
CREATE INDEX ix_visit_scope ON visit (store, _scope) WHERE "_current" = 1;
CREATE INDEX ix_visit_named ON visit (store, customer_name) WHERE "_current" = 1;
CREATE INDEX ix_visit_night ON visit (_night);
COMMIT;
